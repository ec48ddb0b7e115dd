from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "worked_out_changes.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """A writer no more touches what says how fields are worked out: his troubles go where only the job reads them."""

    dependencies = [("administration", "0007_worked_out")]

    operations = [migrations.RunSQL(SQL, "DROP TABLE IF EXISTS attribute_trouble;")]
