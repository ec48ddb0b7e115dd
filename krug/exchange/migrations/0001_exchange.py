"""The tables stand already, made by the kernel in which this rung began: only their home is told."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0010_exchange_apart"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="ImportRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("preset", models.CharField(blank=True, max_length=60, verbose_name="preset")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planning", "Waiting for column matching"),
                                    ("checking", "Being checked"),
                                    ("checked", "Checked, not written yet"),
                                    ("writing", "Being written"),
                                    ("done", "Imported"),
                                    ("failed", "Failed"),
                                    ("cancelled", "Cancelled"),
                                    ("undoing", "Being undone"),
                                    ("undone", "Undone"),
                                ],
                                default="checking",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("files", models.JSONField(default=dict)),
                        ("plan", models.JSONField(default=dict)),
                        ("signature", models.CharField(blank=True, max_length=64)),
                        ("place", models.JSONField(default=list)),
                        ("acts", models.JSONField(default=list)),
                        ("findings", models.JSONField(default=dict)),
                        ("trouble", models.TextField(blank=True)),
                        ("done", models.IntegerField(default=0)),
                        ("total", models.IntegerField(default=0)),
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
                        "db_table": "import_run",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="ImportRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("table", models.SmallIntegerField()),
                        ("number", models.IntegerField()),
                        (
                            "fate",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("changed", "Changed"),
                                    ("same", "Unchanged"),
                                    ("skipped", "Skipped"),
                                    ("ask", "Needs a decision"),
                                    ("bad", "Refused"),
                                ],
                                max_length=7,
                            ),
                        ),
                        ("record_id", models.BigIntegerField(null=True)),
                        ("note", models.JSONField(default=dict)),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="exchange.importrun",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "import_row",
                    },
                ),
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
                    name="ExportRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("entity", models.CharField(max_length=60)),
                        ("format", models.CharField(max_length=5)),
                        ("query", models.TextField(blank=True)),
                        ("language", models.CharField(default="ru", max_length=2)),
                        (
                            "state",
                            models.CharField(
                                choices=[("working", "Under way"), ("ready", "Ready"), ("failed", "Failed")],
                                default="working",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("trouble", models.TextField(blank=True)),
                        ("size", models.BigIntegerField(default=0)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("expires_at", models.DateTimeField()),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "export_run",
                        "ordering": ("-id",),
                        "indexes": [models.Index(fields=["expires_at"], name="export_run_expires")],
                    },
                ),
                migrations.AddIndex(
                    model_name="importrun",
                    index=models.Index(fields=["created_by", "signature", "-id"], name="import_run_signature"),
                ),
                migrations.AddIndex(
                    model_name="importrow",
                    index=models.Index(fields=["run", "fate", "table", "number"], name="import_row_fate"),
                ),
            ]
        ),
    ]
