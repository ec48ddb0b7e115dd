-- A stay that is over stays as it was; only the undoing of the act that ended it opens it again, with all it had.
CREATE OR REPLACE FUNCTION stage_visit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE needed text;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.left_at IS NOT NULL AND NEW.left_at IS NULL AND NOT OLD.is_history
       AND current_setting('krug.undoing', true) = 'on'
       AND (NEW.deal_id, NEW.stage_id, NEW.responsible_id, NEW.entered_at, NEW.outcome, NEW.result_id)
           IS NOT DISTINCT FROM (OLD.deal_id, OLD.stage_id, OLD.responsible_id, OLD.entered_at, '', NULL) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.left_at IS NOT NULL
       AND (NEW.deal_id, NEW.stage_id, NEW.responsible_id, NEW.entered_at, NEW.left_at, NEW.outcome, NEW.result_id)
           IS DISTINCT FROM (OLD.deal_id, OLD.stage_id, OLD.responsible_id, OLD.entered_at, OLD.left_at, OLD.outcome, OLD.result_id) THEN
        RAISE EXCEPTION 'STAGE_VISIT_OVER: stay % is over and stays as it was.', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.deal_id, NEW.stage_id, NEW.entered_at, NEW.is_history)
           IS DISTINCT FROM (OLD.deal_id, OLD.stage_id, OLD.entered_at, OLD.is_history) THEN
        RAISE EXCEPTION 'STAGE_VISIT_FIXED: a stay keeps its deal, stage and beginning.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.left_at IS NULL OR NEW.is_history OR (TG_OP = 'UPDATE' AND OLD.left_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM work w WHERE w.visit_id = NEW.id AND w.state IN ('planned', 'in_progress')) THEN
        RAISE EXCEPTION 'STAGE_OPEN_WORKS: stay % has open works.', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.outcome IN ('forward', 'won') THEN
        SELECT s.exit_result_type INTO needed FROM stage s WHERE s.id = NEW.stage_id;
        IF needed <> '' AND NOT EXISTS (
            SELECT 1 FROM stage_result r WHERE r.id = NEW.result_id AND r.visit_id = NEW.id AND r.type = needed
        ) THEN
            RAISE EXCEPTION 'STAGE_NO_RESULT: stay % lacks its result (%).', NEW.id, needed USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- A version by which deals go already does not become a draft again, for a draft may be rewritten.
CREATE FUNCTION pipeline_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM deal d WHERE d.pipeline_version_id = NEW.id) THEN
        RAISE EXCEPTION 'PIPELINE_IN_USE: deals go by version % already.', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pipeline_version_guard BEFORE UPDATE OF state ON pipeline_version
    FOR EACH ROW WHEN (OLD.state <> 'draft' AND NEW.state = 'draft') EXECUTE FUNCTION pipeline_version_guard();
