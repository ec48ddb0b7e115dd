-- What could not be worked out while somebody wrote. The writer only adds lines here, which waits for nobody; the job reads them.
CREATE TABLE attribute_trouble (attribute_id bigint NOT NULL, told text NOT NULL);

-- Rows of a table changed: formulas over them are made anew at once, summaries of them become due. A field that can not
-- be made, even because its column is gone since an upgrade (class 42), never keeps anybody from writing, and no value of
-- it that is known to be old stays behind.
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
        BEGIN
            IF r ->> 'k' <> 'formula' AND w.source = TG_TABLE_NAME THEN
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
            ELSIF r ->> 'k' = 'formula' AND TG_OP <> 'DELETE' THEN
                EXECUTE 'WITH x AS MATERIALIZED (' || krug_work_sql(w, 'new_rows') || '), gone AS (
                    DELETE FROM attribute_index i USING x
                    WHERE i.attribute_id = $1 AND i.record_id = x.id AND i.number IS DISTINCT FROM x.number)
                    INSERT INTO attribute_index (attribute_id, record_id, number)
                    SELECT $1, x.id, x.number FROM x WHERE x.number IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM attribute_index i
                        WHERE i.attribute_id = $1 AND i.record_id = x.id AND i.number = x.number)'
                    USING w.attribute_id;
            END IF;
        EXCEPTION WHEN data_exception OR syntax_error_or_access_rule_violation THEN
            INSERT INTO attribute_trouble (attribute_id, told) VALUES (w.attribute_id, SQLERRM);
            IF r ->> 'k' = 'formula' THEN
                DELETE FROM attribute_index i USING new_rows n WHERE i.attribute_id = w.attribute_id AND i.record_id = n.id;
            END IF;
        END;
    END LOOP;
    RETURN NULL;
END $$;
