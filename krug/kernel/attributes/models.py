"""The definitions of attributes, the values of their lists, and the index that finds records by them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import Stamped
from krug.language.bilingual import in_language


class Attribute(Stamped):
    """A field that the company added to one type of record."""

    why_no_attributes = "A field that describes fields would have to be described before it exists."

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        YES_NO = "yes_no", _("Yes or no")
        CHOICE = "choice", _("One of a list")
        CHOICES = "choices", _("Several of a list")
        TREE = "tree", _("Classifier (a tree)")
        PERSON = "person", _("Employee")
        REFERENCE = "reference", _("Link to a record")
        FILE = "file", _("File")
        FORMULA = "formula", _("Formula")
        ROLL_UP = "roll_up", _("Summary of related records")

    LISTED = (Kind.CHOICE, Kind.CHOICES, Kind.TREE)
    WORKED_OUT = (Kind.FORMULA, Kind.ROLL_UP)
    has_history = True

    entity = models.CharField(_("object"), max_length=60)
    name_ru = models.CharField(_("name in Russian"), max_length=80, blank=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    settings = models.JSONField(_("details"), default=dict, blank=True, editable=False)
    section = models.CharField(_("group of fields"), max_length=80, blank=True)
    position = models.IntegerField(_("place"), default=0)
    is_required = models.BooleanField(_("must be filled in"), default=False)

    class Meta:
        db_table = "attribute"
        ordering = ("entity", "position", "id")

    def __str__(self) -> str:
        return in_language(self.name_ru, self.name_en)

    @property
    def key(self) -> str:
        """The name under which records, lists and programs know it."""
        return f"a{self.pk}"

    @property
    def is_listed(self) -> bool:
        """Whether its values come from a list of its own."""
        return self.kind in self.LISTED


class AttributeValue(Stamped):
    """One value of a list or one node of a classifier."""

    why_no_attributes = "It is a part of the definition of a field; a list that needs more is a dictionary."
    has_history = True

    attribute = models.ForeignKey(Attribute, models.PROTECT, related_name="values", verbose_name=_("field"))
    name_ru = models.CharField(_("name in Russian"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="below", verbose_name=_("stands under")
    )
    position = models.IntegerField(_("place"), default=0)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("merged into")
    )

    class Meta:
        db_table = "attribute_value"
        ordering = ("attribute", "position", "id")

    def __str__(self) -> str:
        return in_language(self.name_ru, self.name_en)


class AttributeIndex(models.Model):
    """One value of one record, as filters look for it; the database itself keeps it (sql/index.sql)."""

    record_id = models.BigIntegerField(primary_key=True)
    attribute_id = models.BigIntegerField()
    number = models.DecimalField(max_digits=42, decimal_places=12, null=True)
    text = models.TextField(null=True)

    class Meta:
        db_table = "attribute_index"
        managed = False
