-- Lays JSON objects over each other in the given order; nothing laid over something leaves it.
CREATE AGGREGATE krug_merge(jsonb) (sfunc = jsonb_concat, stype = jsonb, initcond = '{}');

-- The row with the old values of exactly those columns that still hold the new ones; objects are looked into.
CREATE FUNCTION krug_back(now_held jsonb, old jsonb, new jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE result jsonb := now_held; k text;
BEGIN
    FOR k IN SELECT jsonb_object_keys(old || new) LOOP
        IF old -> k IS NOT DISTINCT FROM new -> k THEN
            CONTINUE;
        ELSIF now_held -> k IS NOT DISTINCT FROM new -> k THEN
            result := CASE WHEN old ? k THEN result || jsonb_build_object(k, old -> k) ELSE result - k END;
        ELSIF krug_objects(now_held -> k, old -> k, new -> k) THEN
            result := result || jsonb_build_object(k, krug_back(now_held -> k, old -> k, new -> k));
        END IF;
    END LOOP;
    RETURN result;
END $$;

CREATE FUNCTION krug_objects(one jsonb, two jsonb, three jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_typeof(one) = 'object' AND jsonb_typeof(two) = 'object' AND jsonb_typeof(three) = 'object', false)
$$;

-- The columns that somebody changed after the act, so that the old value would destroy a newer one.
CREATE FUNCTION krug_clashes(now_held jsonb, old jsonb, new jsonb) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE result text[] := '{}'; k text;
BEGIN
    FOR k IN SELECT jsonb_object_keys(old || new) LOOP
        IF old -> k IS NOT DISTINCT FROM new -> k OR now_held -> k IS NOT DISTINCT FROM new -> k
            OR now_held -> k IS NOT DISTINCT FROM old -> k THEN
            CONTINUE;
        ELSIF NOT krug_objects(now_held -> k, old -> k, new -> k)
            OR krug_clashes(now_held -> k, old -> k, new -> k) <> '{}' THEN
            result := result || k;
        END IF;
    END LOOP;
    RETURN result;
END $$;

-- Looking at the past asks for everything since a moment; rows lie in the order of time.
CREATE INDEX row_change_at ON row_change USING brin (at);
CREATE INDEX journal_entry_act ON journal_entry (act);
