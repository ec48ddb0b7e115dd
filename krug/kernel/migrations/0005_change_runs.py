"""Runs over many records with their acts, and what the database needs to undo and to look at the past."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = (Path(__file__).parent.parent / "journal" / "sql" / "undoing.sql").read_text(encoding="utf-8")
BACK = """
DROP INDEX IF EXISTS row_change_at, journal_entry_act;
DROP FUNCTION IF EXISTS krug_clashes(jsonb, jsonb, jsonb), krug_objects(jsonb, jsonb, jsonb), krug_back(jsonb, jsonb, jsonb);
DROP AGGREGATE IF EXISTS krug_merge(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0004_history_seals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("edit", "Bulk edit"),
                            ("archive", "Put into the archive"),
                            ("verb", "Bulk act"),
                            ("undo", "Undoing"),
                        ],
                        max_length=10,
                    ),
                ),
                ("entity", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("working", "Under way"),
                            ("done", "Carried out"),
                            ("failed", "Stopped by an error"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="working",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("wanted", models.JSONField(default=dict)),
                ("skipped", models.JSONField(default=dict)),
                ("trouble", models.TextField(blank=True)),
                ("total", models.IntegerField(default=0)),
                ("done", models.IntegerField(default=0)),
                ("changed", models.IntegerField(default=0)),
                ("reached", models.BigIntegerField(default=0)),
                ("is_cancelled", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "undoes",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.changerun"
                    ),
                ),
            ],
            options={
                "db_table": "change_run",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="RunAct",
            fields=[
                ("act", models.UUIDField(primary_key=True, serialize=False)),
                ("undoes", models.UUIDField(db_index=True, null=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="acts", to="kernel.changerun"
                    ),
                ),
            ],
            options={
                "db_table": "change_run_act",
            },
        ),
        migrations.AddIndex(
            model_name="changerun",
            index=models.Index(fields=["created_by", "-id"], name="change_run_mine"),
        ),
        migrations.RunSQL(SQL, BACK),
    ]
