-- What no path may get round: the evidence for a forward move, the works of a stage, and a past that stays as it was.

CREATE FUNCTION stage_visit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE needed text;
BEGIN
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
CREATE TRIGGER stage_visit_guard BEFORE INSERT OR UPDATE ON stage_visit
    FOR EACH ROW EXECUTE FUNCTION stage_visit_guard();

CREATE FUNCTION work_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.visit_id, NEW.deal_id) IS DISTINCT FROM (OLD.visit_id, OLD.deal_id) THEN
        RAISE EXCEPTION 'WORK_FIXED: a work stays in its stage.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state IN ('planned', 'in_progress')
       AND NOT EXISTS (SELECT 1 FROM stage_visit v WHERE v.id = NEW.visit_id AND v.deal_id = NEW.deal_id AND v.left_at IS NULL) THEN
        RAISE EXCEPTION 'WORK_STAGE_OVER: the stage of this work is over.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER work_guard BEFORE INSERT OR UPDATE ON work FOR EACH ROW EXECUTE FUNCTION work_guard();

CREATE FUNCTION stage_result_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.visit_id, NEW.deal_id, NEW.type, NEW.evidence_entity, NEW.evidence_id)
           IS DISTINCT FROM (OLD.visit_id, OLD.deal_id, OLD.type, OLD.evidence_entity, OLD.evidence_id) THEN
            RAISE EXCEPTION 'STAGE_RESULT_FIXED: evidence is never exchanged.' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NOT EXISTS (SELECT 1 FROM stage_visit v WHERE v.id = NEW.visit_id AND v.deal_id = NEW.deal_id AND v.left_at IS NULL) THEN
        RAISE EXCEPTION 'STAGE_RESULT_LATE: the stage is over.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stage_result_guard BEFORE INSERT OR UPDATE ON stage_result
    FOR EACH ROW EXECUTE FUNCTION stage_result_guard();

-- A running deal that began here stands in exactly one stage, the one of its open stay; a closed one in none.
CREATE FUNCTION deal_stands_somewhere() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE now_closed boolean; now_stage bigint;
BEGIN
    SELECT d.closed_at IS NOT NULL, d.stage_id INTO now_closed, now_stage FROM deal d WHERE d.id = NEW.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF now_closed AND EXISTS (SELECT 1 FROM stage_visit v WHERE v.deal_id = NEW.id AND v.left_at IS NULL) THEN
        RAISE EXCEPTION 'DEAL_STILL_IN_STAGE: deal % is closed and still in a stage.', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    IF NOT now_closed AND NOT EXISTS (
        SELECT 1 FROM stage_visit v WHERE v.deal_id = NEW.id AND v.left_at IS NULL AND v.stage_id = now_stage
    ) THEN
        RAISE EXCEPTION 'DEAL_IN_NO_STAGE: deal % stands in no stage.', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER deal_stands_somewhere AFTER INSERT OR UPDATE OF stage_id, closed_at, state ON deal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.source_system = '') EXECUTE FUNCTION deal_stands_somewhere();

-- Running deals keep their rules: the stages of a version that is or was in force are not rewritten.
CREATE FUNCTION stage_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE version_id bigint := coalesce(OLD.pipeline_version_id, NEW.pipeline_version_id); version_state text;
BEGIN
    SELECT v.state INTO version_state FROM pipeline_version v WHERE v.id = version_id;
    IF version_state <> 'draft' AND (NEW.pipeline_version_id, NEW.position, NEW.kind, NEW.probability, NEW.exit_result_type, NEW.max_days)
       IS DISTINCT FROM (OLD.pipeline_version_id, OLD.position, OLD.kind, OLD.probability, OLD.exit_result_type, OLD.max_days) THEN
        RAISE EXCEPTION 'PIPELINE_NOT_DRAFT: the stages of a version in force are not rewritten.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stage_guard BEFORE UPDATE ON stage FOR EACH ROW EXECUTE FUNCTION stage_guard();
