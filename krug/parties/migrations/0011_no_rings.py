"""Territories and teams stand in trees: whatever writes them, the database lets no ring come about."""

from django.db import migrations

SQL = """
CREATE FUNCTION tree_has_no_ring() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_ring boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext(TG_TABLE_NAME || '.parent'));
    EXECUTE format(
        'WITH RECURSIVE above(id) AS (SELECT $1 UNION'
        ' SELECT row.parent_id FROM %I AS row JOIN above USING (id) WHERE row.parent_id IS NOT NULL)'
        ' SELECT EXISTS (SELECT FROM above WHERE id = $2)', TG_TABLE_NAME
    ) INTO is_ring USING NEW.parent_id, NEW.id;
    IF is_ring THEN
        RAISE EXCEPTION 'tree_no_ring: % % would stand below itself.', TG_TABLE_NAME, NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tree_no_ring', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER territory_no_ring AFTER INSERT OR UPDATE OF parent_id ON territory
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION tree_has_no_ring();
CREATE TRIGGER team_no_ring AFTER INSERT OR UPDATE OF parent_id ON team
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION tree_has_no_ring();
"""
UNDO = """
DROP TRIGGER IF EXISTS territory_no_ring ON territory;
DROP TRIGGER IF EXISTS team_no_ring ON team;
DROP FUNCTION IF EXISTS tree_has_no_ring();
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0010_tax_rate_names"), ("access", "0007_reach_words")]
    operations = [migrations.RunSQL(SQL, UNDO)]
