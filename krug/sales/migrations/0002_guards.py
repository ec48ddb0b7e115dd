"""The rules of the regulated process that the database itself keeps."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "guards.sql").read_text(encoding="utf-8")
UNDO = """
DROP TRIGGER IF EXISTS stage_visit_guard ON stage_visit;
DROP TRIGGER IF EXISTS work_guard ON work;
DROP TRIGGER IF EXISTS stage_result_guard ON stage_result;
DROP TRIGGER IF EXISTS deal_stands_somewhere ON deal;
DROP TRIGGER IF EXISTS stage_guard ON stage;
DROP FUNCTION IF EXISTS stage_visit_guard(), work_guard(), stage_result_guard(), deal_stands_somewhere(), stage_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0001_sales")]
    operations = [migrations.RunSQL(SQL, UNDO)]
