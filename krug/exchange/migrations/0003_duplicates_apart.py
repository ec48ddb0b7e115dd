"""Pairs of duplicates, their searches and keys are now known to `duplicates`; their tables stay as they are."""

from django.db import migrations

MOVED = ("DuplicatePair", "DuplicateSearch", "DuplicateKeys")


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_duplicate_keys")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name) for name in MOVED])
    ]
