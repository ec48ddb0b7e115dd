"""Runs of imports and exports and the pairs of duplicates are now known to `exchange`; their tables stay as they are."""

from django.db import migrations

MOVED = ("ImportRow", "ImportRun", "ExportRun", "DuplicatePair", "DuplicateSearch")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0009_export_runs")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name) for name in MOVED])
    ]
