"""A move, a win and a loss can be taken back; a version in use never becomes a draft again."""

import re
from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent
BEFORE = re.search(
    r"CREATE FUNCTION stage_visit_guard.*?END \$\$;", (HERE / "guards.sql").read_text("utf-8"), re.DOTALL
)
UNDO = f"""
DROP TRIGGER IF EXISTS pipeline_version_guard ON pipeline_version;
DROP FUNCTION IF EXISTS pipeline_version_guard();
{BEFORE.group().replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") if BEFORE else ""}
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0004_attributes")]
    operations = [migrations.RunSQL((HERE / "undoing.sql").read_text("utf-8"), UNDO)]
