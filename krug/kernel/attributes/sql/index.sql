CREATE TABLE attribute_index (
    attribute_id bigint NOT NULL,
    record_id bigint NOT NULL,
    number numeric,
    text text
);
CREATE INDEX attribute_index_record ON attribute_index (attribute_id, record_id);
CREATE INDEX attribute_index_number ON attribute_index (attribute_id, number, record_id) WHERE number IS NOT NULL;
CREATE INDEX attribute_index_text ON attribute_index (attribute_id, text, record_id) WHERE text IS NOT NULL;
CREATE INDEX attribute_index_words ON attribute_index USING gin (attribute_id, text gin_trgm_ops) WHERE text IS NOT NULL;
ALTER TABLE attribute_index ALTER COLUMN attribute_id SET STATISTICS 1000;
CREATE STATISTICS attribute_index_numbers (mcv) ON attribute_id, number FROM attribute_index;
CREATE STATISTICS attribute_index_texts (mcv) ON attribute_id, text FROM attribute_index;

-- What the values of one record are found by: numbers and words; a list gives one row a value.
CREATE FUNCTION krug_attribute_rows(custom jsonb)
RETURNS TABLE (attribute_id bigint, number numeric, text text) LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN k.key ~ '^a[0-9]{1,15}$' THEN substr(k.key, 2)::bigint END,
           CASE WHEN w.word ~ '^-?[0-9]{1,30}(\.[0-9]{1,12})?$' THEN w.word::numeric END,
           CASE WHEN jsonb_typeof(v.value) IN ('string', 'boolean')
                THEN left(replace(lower(w.word), 'ё', 'е'), 200) END
    FROM jsonb_each(custom) k
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE jsonb_typeof(k.value) WHEN 'array' THEN k.value ELSE jsonb_build_array(k.value) END) v(value)
    CROSS JOIN LATERAL (SELECT v.value #>> '{}' AS word) w
    WHERE k.key ~ '^a[0-9]{1,15}$' AND jsonb_typeof(v.value) <> 'null'
$$;

-- Keeps the index of attributes true, whoever writes the row and however.
CREATE FUNCTION krug_index_attributes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM attribute_index i
        USING (SELECT key FROM jsonb_object_keys(OLD.custom) key
               WHERE TG_OP = 'DELETE' OR OLD.custom -> key IS DISTINCT FROM NEW.custom -> key) k
        WHERE i.record_id = OLD.id
          AND i.attribute_id = CASE WHEN k.key ~ '^a[0-9]{1,15}$' THEN substr(k.key, 2)::bigint END;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO attribute_index (attribute_id, record_id, number, text)
        SELECT r.attribute_id, NEW.id, r.number, r.text
        FROM krug_attribute_rows(NEW.custom) r
        WHERE TG_OP = 'INSERT'
           OR OLD.custom -> ('a' || r.attribute_id) IS DISTINCT FROM NEW.custom -> ('a' || r.attribute_id);
    END IF;
    RETURN NULL;
END $$;

-- Hangs the triggers on one table with attributes and takes in what stands there; repeating it is harmless.
CREATE FUNCTION krug_watch_attributes(watched regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = watched AND tgname = 'krug_attributes_i') THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TRIGGER krug_attributes_i AFTER INSERT ON %s FOR EACH ROW WHEN (NEW.custom <> ''{}'') EXECUTE FUNCTION krug_index_attributes()', watched);
    EXECUTE format('CREATE TRIGGER krug_attributes_u AFTER UPDATE OF custom ON %s FOR EACH ROW WHEN (OLD.custom IS DISTINCT FROM NEW.custom) EXECUTE FUNCTION krug_index_attributes()', watched);
    EXECUTE format('CREATE TRIGGER krug_attributes_d AFTER DELETE ON %s FOR EACH ROW WHEN (OLD.custom <> ''{}'') EXECUTE FUNCTION krug_index_attributes()', watched);
    EXECUTE format('INSERT INTO attribute_index (attribute_id, record_id, number, text) SELECT r.attribute_id, t.id, r.number, r.text FROM %s t CROSS JOIN LATERAL krug_attribute_rows(t.custom) r WHERE t.custom <> ''{}''', watched);
END $$;

-- One word that changes with every change of the definitions, so that each process knows when to read them anew.
CREATE TABLE attribute_stamp (id smallint PRIMARY KEY CHECK (id = 1), stamp uuid NOT NULL);
INSERT INTO attribute_stamp VALUES (1, gen_random_uuid());
CREATE FUNCTION krug_stamp_attributes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE attribute_stamp SET stamp = gen_random_uuid();
    RETURN NULL;
END $$;
CREATE TRIGGER krug_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON attribute
    FOR EACH STATEMENT EXECUTE FUNCTION krug_stamp_attributes();
CREATE TRIGGER krug_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON attribute_value
    FOR EACH STATEMENT EXECUTE FUNCTION krug_stamp_attributes();
