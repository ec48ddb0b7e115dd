"""The tables stand already, made by the rung in which this one began: only their home is told."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("exchange", "0003_duplicates_apart"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="DuplicatePair",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("entity", models.CharField(max_length=60)),
                        ("one_id", models.BigIntegerField()),
                        ("two_id", models.BigIntegerField()),
                        ("score", models.FloatField()),
                        ("reasons", models.JSONField(default=list)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "To be looked at"),
                                    ("merged", "Merged"),
                                    ("distinct", "Not duplicates"),
                                ],
                                default="open",
                                max_length=8,
                            ),
                        ),
                        ("found_at", models.DateTimeField(auto_now=True)),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "duplicate_pair",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["entity", "-score", "id"],
                                name="duplicate_pair_queue",
                            ),
                            models.Index(fields=["entity", "two_id"], name="duplicate_pair_two"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "one_id", "two_id"), name="duplicate_pair_once"),
                            models.CheckConstraint(
                                condition=models.Q(("one_id__lt", models.F("two_id"))), name="duplicate_pair_in_order"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DuplicateSearch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("entity", models.CharField(max_length=60)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("working", "Under way"),
                                    ("done", "Done"),
                                    ("failed", "Stopped by an error"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="working",
                                max_length=10,
                            ),
                        ),
                        ("done", models.IntegerField(default=0)),
                        ("total", models.IntegerField(default=0)),
                        ("found", models.IntegerField(default=0)),
                        ("is_cancelled", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "duplicate_search",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "working")),
                                fields=("entity",),
                                name="duplicate_search_one_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DuplicateKeys",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("entity", models.CharField(max_length=60)),
                        ("record_id", models.BigIntegerField()),
                        ("signature", models.BigIntegerField()),
                        (
                            "keys",
                            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                        ),
                    ],
                    options={
                        "db_table": "duplicate_keys",
                        "constraints": [
                            models.UniqueConstraint(fields=("entity", "record_id"), name="duplicate_keys_once")
                        ],
                    },
                ),
            ]
        ),
    ]
