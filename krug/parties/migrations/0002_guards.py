"""What the database itself keeps true about parties: no circles of heads, gathered roles, claimed numbers."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "guards.sql").read_text(encoding="utf-8")
UNDO = """
DROP TRIGGER IF EXISTS party_no_cycle ON party;
DROP TRIGGER IF EXISTS party_claims_again ON party;
DROP TRIGGER IF EXISTS party_roles_gathered ON party_role;
DROP TRIGGER IF EXISTS requisites_claim ON requisites;
DROP FUNCTION IF EXISTS party_has_no_cycle(), party_gathers_roles(), party_claims(bigint), requisites_claim(), party_claims_again();
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_parties")]
    operations = [migrations.RunSQL(SQL, UNDO)]
