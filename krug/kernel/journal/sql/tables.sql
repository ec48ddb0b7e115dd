CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS unaccent;

CREATE SEQUENCE journal_entry_id_seq AS bigint;
CREATE TABLE journal_entry (
    id bigint NOT NULL DEFAULT nextval('journal_entry_id_seq'),
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    act uuid,
    event varchar(80) NOT NULL,
    entity varchar(60) NOT NULL,
    subject_id bigint NOT NULL,
    actor_id bigint,
    source varchar(60) NOT NULL DEFAULT '',
    data jsonb NOT NULL DEFAULT '{}'
) PARTITION BY RANGE (at);
CREATE INDEX journal_entry_id ON journal_entry (id);
CREATE INDEX journal_entry_subject ON journal_entry (entity, subject_id, at DESC, id DESC);
CREATE INDEX journal_entry_actor ON journal_entry (actor_id, at DESC);
CREATE INDEX journal_entry_event ON journal_entry (event, at DESC);
CREATE TABLE journal_entry_rest PARTITION OF journal_entry DEFAULT;

CREATE SEQUENCE journal_mention_id_seq AS bigint;
CREATE TABLE journal_mention (
    id bigint NOT NULL DEFAULT nextval('journal_mention_id_seq'),
    entity varchar(60) NOT NULL,
    record_id bigint NOT NULL,
    at timestamptz NOT NULL,
    entry_id bigint NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX journal_mention_record ON journal_mention (entity, record_id, at DESC, entry_id DESC);
CREATE TABLE journal_mention_rest PARTITION OF journal_mention DEFAULT;

CREATE SEQUENCE row_change_id_seq AS bigint;
CREATE TABLE row_change (
    id bigint NOT NULL DEFAULT nextval('row_change_id_seq'),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    act uuid,
    actor_id bigint,
    table_name varchar(63) NOT NULL,
    row_id bigint NOT NULL,
    kind char(1) NOT NULL,
    old jsonb,
    new jsonb
) PARTITION BY RANGE (at);
CREATE INDEX row_change_row ON row_change (table_name, row_id, at DESC, id DESC);
CREATE INDEX row_change_act ON row_change (act);
CREATE TABLE row_change_rest PARTITION OF row_change DEFAULT;

-- The act that this transaction is: one verb, one act. Doors begin a new one for each verb.
CREATE FUNCTION krug_act() RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE current_act text := current_setting('krug.act', true);
BEGIN
    IF current_act IS NULL OR current_act = '' THEN
        current_act := gen_random_uuid()::text;
        PERFORM set_config('krug.act', current_act, true);
    END IF;
    RETURN current_act::uuid;
END $$;

CREATE FUNCTION krug_actor() RETURNS bigint LANGUAGE sql STABLE AS
    $$ SELECT nullif(current_setting('krug.actor', true), '')::bigint $$;

ALTER TABLE journal_entry ALTER COLUMN act SET DEFAULT krug_act();

-- Every change of an entity's row counts its version up and notes when and by whom.
CREATE FUNCTION krug_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := clock_timestamp();
    IF krug_actor() IS NOT NULL THEN
        NEW.updated_by_id := krug_actor();
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION krug_touch_plain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END $$;

-- Row history, statement by statement; bookkeeping columns are not history.
CREATE FUNCTION krug_history_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO row_change (act, actor_id, table_name, row_id, kind)
    SELECT krug_act(), krug_actor(), TG_TABLE_NAME, n.id, 'I' FROM new_rows n;
    RETURN NULL;
END $$;

CREATE FUNCTION krug_history_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO row_change (act, actor_id, table_name, row_id, kind, old, new)
    SELECT krug_act(), krug_actor(), TG_TABLE_NAME, d.id, 'U', d.old, d.new
    FROM (
        SELECT o.id,
               jsonb_object_agg(k.key, k.value) AS old,
               jsonb_object_agg(k.key, to_jsonb(n) -> k.key) AS new
        FROM old_rows o
        JOIN new_rows n USING (id)
        CROSS JOIN LATERAL jsonb_each(to_jsonb(o)) k
        WHERE k.value IS DISTINCT FROM to_jsonb(n) -> k.key
          AND k.key NOT IN ('version', 'updated_at', 'updated_by_id', 'password', 'last_login')
        GROUP BY o.id
    ) d;
    RETURN NULL;
END $$;

CREATE FUNCTION krug_history_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO row_change (act, actor_id, table_name, row_id, kind, old)
    SELECT krug_act(), krug_actor(), TG_TABLE_NAME, o.id, 'D', to_jsonb(o) - 'password' FROM old_rows o;
    RETURN NULL;
END $$;

-- Hangs the three history triggers and the version trigger on one table; repeating it is harmless.
CREATE FUNCTION krug_watch(watched regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE touch text := 'krug_touch';
BEGIN
    IF EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = watched AND tgname = 'krug_history_i') THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TRIGGER krug_history_i AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION krug_history_insert()', watched);
    EXECUTE format('CREATE TRIGGER krug_history_u AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION krug_history_update()', watched);
    EXECUTE format('CREATE TRIGGER krug_history_d AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION krug_history_delete()', watched);
    IF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = watched AND attname = 'version' AND NOT attisdropped) THEN
        IF NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = watched AND attname = 'updated_by_id' AND NOT attisdropped) THEN
            touch := 'krug_touch_plain';
        END IF;
        EXECUTE format('CREATE TRIGGER krug_touch BEFORE UPDATE ON %s FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION %I()', watched, touch);
    END IF;
END $$;

-- Makes the monthly partitions from one day on; rows of months without a partition rest in the default one.
CREATE FUNCTION krug_partitions(from_day date, months int) RETURNS int LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE parent text; start date; made int := 0; part text;
BEGIN
    FOREACH parent IN ARRAY ARRAY['journal_entry', 'journal_mention', 'row_change'] LOOP
        FOR i IN 0 .. months - 1 LOOP
            start := (date_trunc('month', from_day) + make_interval(months => i))::date;
            part := parent || to_char(start, '_YYYYMM');
            IF to_regclass(part) IS NULL THEN
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', part, parent, start, (start + interval '1 month')::date);
                made := made + 1;
            END IF;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;
SELECT krug_partitions(current_date, 14);
