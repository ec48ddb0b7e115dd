-- How changes were followed before their troubles had a table of their own; the way back from migration 0008 needs it.
CREATE OR REPLACE FUNCTION krug_work_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    w attribute_work;
    r jsonb;
    parts text;
BEGIN
    FOR w IN SELECT * FROM attribute_work WHERE source = TG_TABLE_NAME OR (TG_OP = 'DELETE' AND own = TG_TABLE_NAME) LOOP
        r := w.recipe;
        IF TG_OP = 'DELETE' AND w.own = TG_TABLE_NAME THEN
            DELETE FROM attribute_index i USING old_rows o WHERE i.attribute_id = w.attribute_id AND i.record_id = o.id;
        END IF;
        IF r ->> 'k' = 'formula' THEN
            IF TG_OP <> 'DELETE' THEN
                BEGIN
                    EXECUTE 'WITH x AS MATERIALIZED (' || krug_work_sql(w, 'new_rows') || '), gone AS (
                        DELETE FROM attribute_index i USING x
                        WHERE i.attribute_id = $1 AND i.record_id = x.id AND i.number IS DISTINCT FROM x.number)
                        INSERT INTO attribute_index (attribute_id, record_id, number)
                        SELECT $1, x.id, x.number FROM x WHERE x.number IS NOT NULL AND NOT EXISTS (
                            SELECT 1 FROM attribute_index i
                            WHERE i.attribute_id = $1 AND i.record_id = x.id AND i.number = x.number)'
                        USING w.attribute_id;
                EXCEPTION WHEN data_exception THEN
                    UPDATE attribute_work SET is_ready = false, reached = 0, done = 0, trouble = SQLERRM
                    WHERE attribute_id = w.attribute_id;
                END;
            END IF;
        ELSIF w.source = TG_TABLE_NAME THEN
            parts := format('(%%1$s.%I, %%1$s.%I, %s, %s)', r ->> 'link', r ->> 'n',
                CASE WHEN (r ->> 'has_archive')::boolean THEN '%1$s.is_archived' ELSE 'NULL' END,
                CASE WHEN r ->> 'currency_at' <> '' THEN format('%%1$s.%I', r ->> 'currency_at') ELSE 'NULL' END);
            EXECUTE format('INSERT INTO attribute_due (attribute_id, record_id) SELECT DISTINCT $1, d.id FROM (%s) d WHERE d.id IS NOT NULL',
                CASE TG_OP
                    WHEN 'INSERT' THEN format('SELECT n.%I AS id FROM new_rows n', r ->> 'link')
                    WHEN 'DELETE' THEN format('SELECT o.%I AS id FROM old_rows o', r ->> 'link')
                    ELSE format('SELECT unnest(ARRAY[o.%1$I, n.%1$I]) AS id FROM old_rows o JOIN new_rows n USING (id) WHERE %2$s IS DISTINCT FROM %3$s',
                                r ->> 'link', format(parts, 'o'), format(parts, 'n'))
                END) USING w.attribute_id;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
