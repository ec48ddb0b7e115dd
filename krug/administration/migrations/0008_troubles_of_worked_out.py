from pathlib import Path

from django.db import migrations

SQL, BEFORE = (
    (Path(__file__).parent.parent / name).read_text(encoding="utf-8")
    for name in ("worked_out_changes.sql", "worked_out_before.sql")
)


class Migration(migrations.Migration):
    """A writer no more touches what says how fields are worked out: his troubles go where only the job reads them."""

    dependencies = [("administration", "0007_worked_out")]

    operations = [migrations.RunSQL(SQL, BEFORE + "DROP TABLE IF EXISTS attribute_trouble;")]
