"""The journal and the row history, partitioned by month, with the triggers' functions."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "journal" / "sql" / "tables.sql").read_text(encoding="utf-8")
UNDO = """
DROP TABLE IF EXISTS journal_entry, journal_mention, row_change CASCADE;
DROP SEQUENCE IF EXISTS journal_entry_id_seq, journal_mention_id_seq, row_change_id_seq;
DROP FUNCTION IF EXISTS krug_act(), krug_actor(), krug_touch(), krug_touch_plain(), krug_history_insert(),
    krug_history_update(), krug_history_delete(), krug_watch(regclass), krug_partitions(date, int) CASCADE;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(SQL, UNDO)]
