"""What the search box reads: one document a record, and the dictionary of words that occur."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class SearchDocument(models.Model):
    """The searchable words and digits of one record, normalised (case, ё to е)."""

    entity = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    title_key = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    digits = models.TextField(blank=True)
    owner_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        db_table = "search_document"
        constraints = [models.UniqueConstraint(fields=["entity", "record_id"], name="search_document_once")]
        indexes = [
            models.Index(fields=["title_key"], name="search_document_title", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["owner_id", "-at"], name="search_document_owner"),
            GinIndex(
                fields=["entity", "text"], name="search_document_words", opclasses=["varchar_ops", "gin_trgm_ops"]
            ),
            GinIndex(
                fields=["entity", "digits"], name="search_document_numbers", opclasses=["varchar_ops", "gin_trgm_ops"]
            ),
        ]


class SearchWord(models.Model):
    """A word that occurs in documents; the dictionary against which typing errors are mended."""

    word = models.CharField(max_length=60, primary_key=True)
    count = models.IntegerField(default=1)

    class Meta:
        db_table = "search_word"
        indexes = [GinIndex(fields=["word"], name="search_word_trgm", opclasses=["gin_trgm_ops"])]
