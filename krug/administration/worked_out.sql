-- Keeps the index of added fields that are worked out: formulas at once, summaries through the list of records due (worked_out_changes.sql).
CREATE TABLE attribute_due (attribute_id bigint NOT NULL, record_id bigint NOT NULL);
CREATE INDEX attribute_due_record ON attribute_due (attribute_id, record_id);

-- One part of a formula as arithmetic over the row t; only what is listed here can come out.
CREATE FUNCTION krug_formula(part jsonb, day date) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    inner_parts text[];
    kind text := part ->> 'k';
BEGIN
    CASE kind
        WHEN 'number' THEN RETURN format('(%L)::numeric', (part ->> 'n')::numeric);
        WHEN 'nothing' THEN RETURN 'NULL::numeric';
        WHEN 'today' THEN RETURN format('(%L::date - DATE ''1970-01-01'')::numeric', day);
        WHEN 'value' THEN RETURN format('(t.%I)::numeric', part ->> 'n');
        WHEN 'day' THEN RETURN format('(t.%I - DATE ''1970-01-01'')::numeric', part ->> 'n');
        WHEN 'added_value' THEN RETURN format('(t.custom ->> %L)::numeric', part ->> 'n');
        WHEN 'added_day' THEN RETURN format('((t.custom ->> %L)::date - DATE ''1970-01-01'')::numeric', part ->> 'n');
        ELSE NULL;
    END CASE;
    SELECT array_agg(krug_formula(p.value, day) ORDER BY p.ordinality) INTO inner_parts
    FROM jsonb_array_elements(part -> 'of') WITH ORDINALITY p;
    CASE kind
        WHEN 'plus' THEN RETURN format('(%s)', inner_parts[1]);
        WHEN 'minus' THEN RETURN format('(-%s)', inner_parts[1]);
        WHEN '+', '-', '*' THEN RETURN format('(%s %s %s)', inner_parts[1], kind, inner_parts[2]);
        WHEN '/' THEN RETURN format('(%s / nullif(%s, 0))', inner_parts[1], inner_parts[2]);
        WHEN 'round' THEN RETURN format('round(%s)', inner_parts[1]);
        WHEN 'abs' THEN RETURN format('abs(%s)', inner_parts[1]);
        WHEN 'min' THEN RETURN format('least(%s)', array_to_string(inner_parts, ', '));
        WHEN 'max' THEN RETURN format('greatest(%s)', array_to_string(inner_parts, ', '));
        WHEN 'first' THEN RETURN format('coalesce(%s)', array_to_string(inner_parts, ', '));
        ELSE RAISE EXCEPTION 'A formula can not hold %.', kind;
    END CASE;
END $$;

-- The values of one field as (id, number): a formula over the given rows, a summary for the numbers in $2.
CREATE FUNCTION krug_work_sql(w attribute_work, given text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    r jsonb := w.recipe;
    places int := (w.recipe ->> 'places')::int;
    made text;
BEGIN
    IF r ->> 'k' = 'formula' THEN
        RETURN format('SELECT t.id, round(%s, %s) AS number FROM %s t', krug_formula(r -> 'of', w.day), places, given);
    END IF;
    made := CASE r ->> 'k' WHEN 'count' THEN 'count(*)' WHEN 'sum' THEN format('sum(s.%I)', r ->> 'n')
                           WHEN 'min' THEN format('min(s.%I)', r ->> 'n') WHEN 'max' THEN format('max(s.%I)', r ->> 'n')
                           WHEN 'avg' THEN format('avg(s.%I)', r ->> 'n') END;
    RETURN format('SELECT s.%1$I AS id, round((%2$s)::numeric, %3$s) AS number FROM %4$I s WHERE s.%1$I = ANY($2)%5$s%6$s GROUP BY s.%1$I',
        r ->> 'link', made, places, w.source,
        CASE WHEN (r ->> 'has_archive')::boolean THEN ' AND NOT s.is_archived' ELSE '' END,
        CASE WHEN r ->> 'currency_at' <> '' THEN format(' AND s.%I = %L', r ->> 'currency_at', r ->> 'currency') ELSE '' END);
END $$;

-- Writes the values of these records into the index.
CREATE FUNCTION krug_work_out(wanted bigint, ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    w attribute_work;
BEGIN
    SELECT * INTO STRICT w FROM attribute_work WHERE attribute_id = wanted;
    DELETE FROM attribute_index WHERE attribute_id = wanted AND record_id = ANY(ids);
    EXECUTE 'INSERT INTO attribute_index (attribute_id, record_id, number) SELECT $1, x.id, x.number FROM ('
        || krug_work_sql(w, format('(SELECT * FROM %I WHERE id = ANY($2))', w.own)) || ') x WHERE x.number IS NOT NULL'
        USING wanted, ids;
END $$;

-- Hangs the triggers on one table; repeating it is harmless.
CREATE FUNCTION krug_watch_worked_out(watched regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = watched AND tgname = 'krug_work_i') THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TRIGGER krug_work_i AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION krug_work_changed()', watched);
    EXECUTE format('CREATE TRIGGER krug_work_u AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION krug_work_changed()', watched);
    EXECUTE format('CREATE TRIGGER krug_work_d AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION krug_work_changed()', watched);
END $$;

CREATE TRIGGER krug_stamp AFTER INSERT OR DELETE OR UPDATE OF recipe, day, is_ready ON attribute_work
    FOR EACH STATEMENT EXECUTE FUNCTION krug_stamp_attributes();
