-- A chain of head organisations never comes back to its beginning.
CREATE FUNCTION party_has_no_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('party.parent'));
    IF EXISTS (
        WITH RECURSIVE above(id) AS (
            SELECT NEW.parent_id
            UNION
            SELECT party.parent_id FROM party JOIN above USING (id) WHERE party.parent_id IS NOT NULL
        )
        SELECT FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'party_no_cycle: the head organisations of party % form a circle.', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'party_no_cycle', TABLE = 'party';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER party_no_cycle AFTER INSERT OR UPDATE OF parent_id ON party
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION party_has_no_cycle();

-- The list of roles on the party repeats its role rows, so that lists can filter by it.
CREATE FUNCTION party_gathers_roles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.party_id ELSE NEW.party_id END;
BEGIN
    UPDATE party SET roles = coalesce(
        (SELECT array_agg(r.role ORDER BY r.id) FROM party_role r WHERE r.party_id = party.id AND NOT r.is_archived), '{}'
    ) WHERE id = touched;
    RETURN NULL;
END $$;
CREATE TRIGGER party_roles_gathered AFTER INSERT OR UPDATE OR DELETE ON party_role
    FOR EACH ROW EXECUTE FUNCTION party_gathers_roles();

-- Only an active Russian party claims its INN and KPP for itself.
CREATE FUNCTION party_claims(claimant bigint) RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT country = 'RU' AND NOT is_archived AND merged_into_id IS NULL FROM party WHERE id = claimant $$;
CREATE FUNCTION requisites_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.claims_number := coalesce(party_claims(NEW.party_id), false) AND NOT NEW.is_archived;
    RETURN NEW;
END $$;
CREATE TRIGGER requisites_claim BEFORE INSERT OR UPDATE OF party_id, is_archived, claims_number ON requisites
    FOR EACH ROW EXECUTE FUNCTION requisites_claim();
CREATE FUNCTION party_claims_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE requisites SET claims_number = true WHERE party_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER party_claims_again AFTER UPDATE OF country, is_archived, merged_into_id ON party
    FOR EACH ROW WHEN (
        (OLD.country, OLD.is_archived, OLD.merged_into_id) IS DISTINCT FROM (NEW.country, NEW.is_archived, NEW.merged_into_id)
    ) EXECUTE FUNCTION party_claims_again();
