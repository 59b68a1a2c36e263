-- What functions mean by a name is never a temporary table of their caller.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

CREATE TYPE run_status AS ENUM (
  'queued', 'running', 'waiting_for_approval', 'succeeded', 'failed', 'cancelled');
COMMENT ON TYPE run_status IS 'Stages of a run; the last three are ends';
CREATE TYPE step_status AS ENUM (
  'pending', 'running', 'waiting_for_approval', 'succeeded', 'failed', 'skipped', 'cancelled');
COMMENT ON TYPE step_status IS 'Stages of a step; failed may be followed by running once more, which is a retry';
CREATE TYPE approval_status AS ENUM ('pending', 'approved', 'rejected', 'expired', 'cancelled');
COMMENT ON TYPE approval_status IS 'Stages of a request for approval; all but pending are ends';
CREATE TYPE approval_verdict AS ENUM ('approve', 'reject');
COMMENT ON TYPE approval_verdict IS 'What an approver says to a request';
CREATE TYPE tool_call_kind AS ENUM ('llm', 'connector');
COMMENT ON TYPE tool_call_kind IS 'What was called: a model, or a connector to another system';
CREATE TYPE tool_call_status AS ENUM ('running', 'succeeded', 'failed', 'cancelled');
COMMENT ON TYPE tool_call_status IS 'Stages of a call; the last three are ends';

CREATE FUNCTION refuse_change_after() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  free text[] := '{deleted_at, updated_at, version}';
BEGIN
  -- A change of status is judged by refuse_transition.
  IF NOT OLD.status::text = ANY (TG_ARGV) OR NEW.status <> OLD.status THEN
    RETURN NEW;
  END IF;
  -- Generated columns are not computed yet.
  SELECT free || array_agg(attname::text) INTO free
  FROM pg_attribute WHERE attrelid = TG_RELID AND attgenerated <> '';
  IF to_jsonb(NEW) - free <> to_jsonb(OLD) - free THEN
    RAISE EXCEPTION '% that are % never change: % stays as it is', TG_TABLE_NAME, OLD.status, OLD.id
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'What is over is a record of what happened.',
        HINT = 'Insert a row of its own for what happens now.';
  END IF;
  RETURN NEW;
END;
$$;
COMMENT ON FUNCTION refuse_change_after() IS
  'Refuses an UPDATE of a row whose status is one of the arguments; soft deletion is allowed';

CREATE TABLE runs (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  environment_id uuid,
  workflow_id uuid NOT NULL,
  workflow_version_id uuid NOT NULL,
  requested_by_user_id uuid NOT NULL,
  idempotency_key varchar(255),
  input_digest bytea,
  status run_status NOT NULL DEFAULT 'queued',
  started_at timestamptz,
  finished_at timestamptz,
  error_code varchar(100),
  error_message text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT runs_pkey PRIMARY KEY (id),
  CONSTRAINT runs_organization_id_id_key UNIQUE (organization_id, id),
  CONSTRAINT runs_workflow_id_fkey FOREIGN KEY (organization_id, workspace_id, workflow_id)
    REFERENCES workflows (organization_id, workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT runs_workflow_version_id_fkey
    FOREIGN KEY (organization_id, workflow_id, workflow_version_id)
    REFERENCES workflow_versions (organization_id, workflow_id, id) ON DELETE RESTRICT,
  CONSTRAINT runs_environment_id_fkey FOREIGN KEY (organization_id, workspace_id, environment_id)
    REFERENCES environments (organization_id, workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT runs_requested_by_user_id_fkey FOREIGN KEY (organization_id, requested_by_user_id)
    REFERENCES users (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT runs_idempotency_key_not_blank CHECK (idempotency_key ~ '\S'),
  CONSTRAINT runs_input_digest_length CHECK (octet_length(input_digest) = 32),
  CONSTRAINT runs_queued_not_started CHECK (status <> 'queued' OR started_at IS NULL),
  CONSTRAINT runs_begun_has_start CHECK (
    status IN ('queued', 'cancelled') OR started_at IS NOT NULL),
  CONSTRAINT runs_finish_at_end_only CHECK (
    (status IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
  CONSTRAINT runs_finish_not_before_start CHECK (finished_at >= started_at),
  CONSTRAINT runs_error_of_failed_only CHECK ((status = 'failed') = (error_code IS NOT NULL)),
  CONSTRAINT runs_error_message_with_code CHECK (error_message IS NULL OR error_code IS NOT NULL),
  CONSTRAINT runs_error_message_at_most_10000 CHECK (length(error_message) <= 10000)
);
-- The key of a deleted run stays taken: a late retry must not start it again.
CREATE UNIQUE INDEX uq_runs_organization_id_idempotency_key
  ON runs (organization_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX idx_runs_organization_id_created_at ON runs (organization_id, created_at);
CREATE INDEX idx_runs_organization_id_workspace_id_workflow_id_created_at
  ON runs (organization_id, workspace_id, workflow_id, created_at);
CREATE INDEX idx_runs_organization_id_workflow_id_workflow_version_id
  ON runs (organization_id, workflow_id, workflow_version_id);
CREATE INDEX idx_runs_organization_id_workspace_id_environment_id
  ON runs (organization_id, workspace_id, environment_id);
CREATE INDEX idx_runs_organization_id_requested_by_user_id
  ON runs (organization_id, requested_by_user_id);
CREATE INDEX idx_runs_organization_id_workspace_id_finished_at
  ON runs (organization_id, workspace_id, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX idx_runs_status_created_at ON runs (status, created_at)
  WHERE status IN ('queued', 'running', 'waiting_for_approval');

CREATE FUNCTION refuse_run_of_stopped_workflow() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  found workflow_status;
BEGIN
  SELECT status INTO found FROM workflows
  WHERE organization_id = NEW.organization_id AND id = NEW.workflow_id FOR SHARE;
  -- The foreign key is judged at the end of the statement, which may bring the workflow itself.
  IF found IS NULL THEN
    RAISE EXCEPTION 'runs: workflow % is not there', NEW.workflow_id
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'Whether a workflow may run is asked of the workflow.',
        HINT = 'Insert the workflow first, in a statement of its own.';
  END IF;
  IF found IN ('suspended', 'archived') THEN
    RAISE EXCEPTION 'runs: workflow % is % and starts no runs', NEW.workflow_id, found
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'Suspending or archiving a workflow stops it at once.',
        HINT = 'A suspended workflow runs again once its status is active; an archived one never does.';
  END IF;
  RETURN NEW;
END;
$$;
COMMENT ON FUNCTION refuse_run_of_stopped_workflow() IS
  'Refuses a run of a workflow that is suspended, archived or not there yet';

CREATE TRIGGER keep_workflow_version_id BEFORE UPDATE ON runs
  FOR EACH ROW WHEN (OLD.workflow_version_id IS DISTINCT FROM NEW.workflow_version_id)
  EXECUTE FUNCTION keep_value(
    'workflow_version_id', 'A run is of what was asked for.', 'Start another run.');
CREATE TRIGGER keep_requested_by_user_id BEFORE UPDATE ON runs
  FOR EACH ROW WHEN (OLD.requested_by_user_id IS DISTINCT FROM NEW.requested_by_user_id)
  EXECUTE FUNCTION keep_value(
    'requested_by_user_id', 'Who asked for a run answers for it.', 'Start another run.');
CREATE TRIGGER keep_idempotency_key BEFORE UPDATE ON runs
  FOR EACH ROW WHEN (OLD.idempotency_key IS DISTINCT FROM NEW.idempotency_key)
  EXECUTE FUNCTION keep_value(
    'idempotency_key', 'A retry of the sender would start the run again.', 'Start another run.');
CREATE TRIGGER record_change BEFORE UPDATE ON runs
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_change_after BEFORE UPDATE ON runs
  FOR EACH ROW EXECUTE FUNCTION refuse_change_after('succeeded', 'failed', 'cancelled');
CREATE TRIGGER refuse_run_of_stopped_workflow BEFORE INSERT ON runs
  FOR EACH ROW EXECUTE FUNCTION refuse_run_of_stopped_workflow();
CREATE TRIGGER refuse_transition BEFORE UPDATE OF status ON runs
  FOR EACH ROW EXECUTE FUNCTION refuse_transition(
    'queued>running', 'queued>cancelled',
    'running>waiting_for_approval', 'running>succeeded', 'running>failed', 'running>cancelled',
    'waiting_for_approval>running', 'waiting_for_approval>failed', 'waiting_for_approval>cancelled');
SELECT isolate_tenants('runs');
GRANT SELECT, INSERT, UPDATE ON runs TO tidemark_service, tidemark_seeding;

COMMENT ON TABLE runs IS
  'Executions of a workflow, each of one published version. What goes in and comes out is not held here, only that it did';
COMMENT ON COLUMN runs.id IS 'Identifier, without unit';
COMMENT ON COLUMN runs.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN runs.workspace_id IS 'The workspace of the workflow, a workspaces.id';
COMMENT ON COLUMN runs.environment_id IS 'Where it runs, an environments.id; null if the workspace has no environments';
COMMENT ON COLUMN runs.workflow_id IS 'The workflow, a workflows.id';
COMMENT ON COLUMN runs.workflow_version_id IS 'Exactly what is executed, a workflow_versions.id; never changes';
COMMENT ON COLUMN runs.requested_by_user_id IS 'The person or service account that asked for it, a users.id';
COMMENT ON COLUMN runs.idempotency_key IS 'The sender''s name of the request, text of at most 255 characters; a second run with it is refused in the organization. Null if the sender gave none';
COMMENT ON COLUMN runs.input_digest IS 'SHA-256 of the input, 32 bytes, so that a retry with another input is noticed; null if not told';
COMMENT ON COLUMN runs.status IS 'Stage of the run, one of run_status';
COMMENT ON COLUMN runs.started_at IS 'When the first step began, instant; null if it has not';
COMMENT ON COLUMN runs.finished_at IS 'When it ended, instant; null until then';
COMMENT ON COLUMN runs.error_code IS 'Why it failed, name for programs of at most 100 characters; null unless it failed';
COMMENT ON COLUMN runs.error_message IS 'Why it failed, text for people of at most 10,000 characters; null if there is nothing to say';
COMMENT ON COLUMN runs.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN runs.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN runs.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN runs.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE steps (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  run_id uuid NOT NULL,
  sequence_number integer NOT NULL,
  name varchar(255) NOT NULL,
  status step_status NOT NULL DEFAULT 'pending',
  retry_count smallint NOT NULL DEFAULT 0,
  retry_limit smallint NOT NULL DEFAULT 0,
  started_at timestamptz,
  finished_at timestamptz,
  error_code varchar(100),
  error_message text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT steps_pkey PRIMARY KEY (id),
  CONSTRAINT steps_organization_id_id_key UNIQUE (organization_id, id),
  CONSTRAINT steps_organization_id_run_id_id_key UNIQUE (organization_id, run_id, id),
  CONSTRAINT steps_run_id_fkey FOREIGN KEY (organization_id, run_id)
    REFERENCES runs (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT steps_sequence_number_positive CHECK (sequence_number > 0),
  CONSTRAINT steps_name_not_blank CHECK (name ~ '\S'),
  CONSTRAINT steps_retry_limit_within_100 CHECK (retry_limit BETWEEN 0 AND 100),
  CONSTRAINT steps_retry_count_within_limit CHECK (retry_count BETWEEN 0 AND retry_limit),
  CONSTRAINT steps_pending_not_started CHECK (
    status NOT IN ('pending', 'skipped') OR started_at IS NULL),
  CONSTRAINT steps_begun_has_start CHECK (
    status IN ('pending', 'skipped', 'cancelled') OR started_at IS NOT NULL),
  CONSTRAINT steps_finish_at_end_only CHECK (
    (status IN ('succeeded', 'failed', 'skipped', 'cancelled')) = (finished_at IS NOT NULL)),
  CONSTRAINT steps_finish_not_before_start CHECK (finished_at >= started_at),
  CONSTRAINT steps_error_of_failed_only CHECK ((status = 'failed') = (error_code IS NOT NULL)),
  CONSTRAINT steps_error_message_with_code CHECK (error_message IS NULL OR error_code IS NOT NULL),
  CONSTRAINT steps_error_message_at_most_10000 CHECK (length(error_message) <= 10000)
);
CREATE UNIQUE INDEX uq_steps_organization_id_run_id_sequence_number
  ON steps (organization_id, run_id, sequence_number);

CREATE FUNCTION count_retry() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'failed' AND NEW.status = 'running' THEN
    NEW.retry_count := OLD.retry_count + 1;
  ELSIF NEW.retry_count <> OLD.retry_count THEN
    RAISE EXCEPTION 'steps.retry_count is counted by the database: step % has %', OLD.id, OLD.retry_count
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'It goes up by one whenever the status goes from failed to running.',
        HINT = 'Leave retry_count out of the UPDATE.';
  END IF;
  RETURN NEW;
END;
$$;
COMMENT ON FUNCTION count_retry() IS 'Counts retry_count up when a failed step runs again, and refuses to change it otherwise';

CREATE FUNCTION refuse_step_of_finished_run() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  found run_status;
BEGIN
  SELECT status INTO found FROM runs
  WHERE organization_id = NEW.organization_id AND id = NEW.run_id FOR SHARE;
  -- The foreign key is judged at the end of the statement, which may bring the run itself.
  IF found IS NULL THEN
    RAISE EXCEPTION 'steps: run % is not there', NEW.run_id
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'Whether a run takes steps is asked of the run.',
        HINT = 'Insert the run first, in a statement of its own.';
  END IF;
  IF found IN ('succeeded', 'failed', 'cancelled') THEN
    RAISE EXCEPTION 'steps: run % is % and takes no more steps', NEW.run_id, found
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'Nothing happens in a run that is over.',
        HINT = 'Start another run.';
  END IF;
  RETURN NEW;
END;
$$;
COMMENT ON FUNCTION refuse_step_of_finished_run() IS
  'Refuses to add a step to a run that is over or not there yet, or to let one run in it';

CREATE TRIGGER count_retry BEFORE UPDATE ON steps
  FOR EACH ROW EXECUTE FUNCTION count_retry();
CREATE TRIGGER keep_run_id BEFORE UPDATE ON steps
  FOR EACH ROW WHEN (OLD.run_id IS DISTINCT FROM NEW.run_id)
  EXECUTE FUNCTION keep_value(
    'run_id', 'A step is part of what its run did.', 'Insert a step of the other run.');
CREATE TRIGGER keep_sequence_number BEFORE UPDATE ON steps
  FOR EACH ROW WHEN (OLD.sequence_number IS DISTINCT FROM NEW.sequence_number)
  EXECUTE FUNCTION keep_value(
    'sequence_number', 'The order of steps tells what happened.', 'Insert a step with the other number.');
CREATE TRIGGER record_change BEFORE UPDATE ON steps
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_change_after BEFORE UPDATE ON steps
  FOR EACH ROW EXECUTE FUNCTION refuse_change_after('succeeded', 'failed', 'skipped', 'cancelled');
CREATE TRIGGER refuse_running_in_finished_run BEFORE UPDATE OF status ON steps
  FOR EACH ROW WHEN (NEW.status = 'running' AND OLD.status <> 'running')
  EXECUTE FUNCTION refuse_step_of_finished_run();
CREATE TRIGGER refuse_step_of_finished_run BEFORE INSERT ON steps
  FOR EACH ROW EXECUTE FUNCTION refuse_step_of_finished_run();
CREATE TRIGGER refuse_transition BEFORE UPDATE OF status ON steps
  FOR EACH ROW EXECUTE FUNCTION refuse_transition(
    'pending>running', 'pending>skipped', 'pending>cancelled',
    'running>waiting_for_approval', 'running>succeeded', 'running>failed', 'running>cancelled',
    'waiting_for_approval>running', 'waiting_for_approval>failed', 'waiting_for_approval>cancelled',
    'failed>running');
SELECT isolate_tenants('steps');
GRANT SELECT, INSERT, UPDATE ON steps TO tidemark_service, tidemark_seeding;

COMMENT ON TABLE steps IS 'What a run does, one after the other';
COMMENT ON COLUMN steps.id IS 'Identifier, without unit';
COMMENT ON COLUMN steps.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN steps.run_id IS 'The run, a runs.id';
COMMENT ON COLUMN steps.sequence_number IS 'Place in the run, counted from 1; unique in the run';
COMMENT ON COLUMN steps.name IS 'Name of the step in the workflow''s definition, text of at most 255 characters';
COMMENT ON COLUMN steps.status IS 'Stage of the step, one of step_status';
COMMENT ON COLUMN steps.retry_count IS 'Number of times that it ran again after it had failed; counted by the database';
COMMENT ON COLUMN steps.retry_limit IS 'Number of times that it may run again, at most 100';
COMMENT ON COLUMN steps.started_at IS 'When it began (last, if it was retried), instant; null if it has not';
COMMENT ON COLUMN steps.finished_at IS 'When it ended, instant; null until then';
COMMENT ON COLUMN steps.error_code IS 'Why it failed, name for programs of at most 100 characters; null unless it failed';
COMMENT ON COLUMN steps.error_message IS 'Why it failed, text for people of at most 10,000 characters; null if there is nothing to say';
COMMENT ON COLUMN steps.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN steps.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN steps.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN steps.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE approval_requests (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  run_id uuid NOT NULL,
  step_id uuid,
  requested_by_user_id uuid NOT NULL,
  risk_tier risk_tier NOT NULL,
  reason text NOT NULL,
  required_approvals smallint NOT NULL DEFAULT 1,
  expires_at timestamptz NOT NULL,
  notified_at timestamptz,
  status approval_status NOT NULL DEFAULT 'pending',
  closed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT approval_requests_pkey PRIMARY KEY (id),
  CONSTRAINT approval_requests_organization_id_id_key UNIQUE (organization_id, id),
  CONSTRAINT approval_requests_run_id_fkey FOREIGN KEY (organization_id, run_id)
    REFERENCES runs (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT approval_requests_step_id_fkey FOREIGN KEY (organization_id, run_id, step_id)
    REFERENCES steps (organization_id, run_id, id) ON DELETE RESTRICT,
  CONSTRAINT approval_requests_requested_by_user_id_fkey
    FOREIGN KEY (organization_id, requested_by_user_id)
    REFERENCES users (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT approval_requests_reason_not_blank CHECK (reason ~ '\S'),
  CONSTRAINT approval_requests_reason_at_most_2000 CHECK (length(reason) <= 2000),
  CONSTRAINT approval_requests_required_approvals_within_1_to_10 CHECK (
    required_approvals BETWEEN 1 AND 10),
  CONSTRAINT approval_requests_expires_after_creation CHECK (expires_at > created_at),
  CONSTRAINT approval_requests_closed_unless_pending CHECK (
    (status = 'pending') = (closed_at IS NULL))
);
CREATE INDEX idx_approval_requests_organization_id_run_id_step_id
  ON approval_requests (organization_id, run_id, step_id);
CREATE INDEX idx_approval_requests_organization_id_requested_by_user_id
  ON approval_requests (organization_id, requested_by_user_id);
CREATE INDEX idx_approval_requests_expires_at ON approval_requests (expires_at)
  WHERE status = 'pending';

COMMENT ON TABLE approval_requests IS
  'Gates at which people decide whether a run goes on. Enough approvals or one rejection close a request by themselves';
COMMENT ON COLUMN approval_requests.id IS 'Identifier, without unit';
COMMENT ON COLUMN approval_requests.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN approval_requests.run_id IS 'The run that waits, a runs.id';
COMMENT ON COLUMN approval_requests.step_id IS 'The step that waits, a steps.id of the run; null if the whole run does';
COMMENT ON COLUMN approval_requests.requested_by_user_id IS 'Who asks, a users.id; may not decide, and neither may who asked for the run';
COMMENT ON COLUMN approval_requests.risk_tier IS 'How much harm a mistake can do, one of risk_tier';
COMMENT ON COLUMN approval_requests.reason IS 'What is to be decided, text for people of at most 2,000 characters';
COMMENT ON COLUMN approval_requests.required_approvals IS 'Number of people who have to approve, 1 to 10';
COMMENT ON COLUMN approval_requests.expires_at IS 'From when on nobody can decide any more, instant';
COMMENT ON COLUMN approval_requests.notified_at IS 'When approvers were told, instant; null if they were not yet';
COMMENT ON COLUMN approval_requests.status IS 'Stage of the request, one of approval_status';
COMMENT ON COLUMN approval_requests.closed_at IS 'When it got its end, instant; null while it is pending';
COMMENT ON COLUMN approval_requests.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN approval_requests.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN approval_requests.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN approval_requests.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE approval_decisions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  approval_request_id uuid NOT NULL,
  decided_by_user_id uuid NOT NULL,
  verdict approval_verdict NOT NULL,
  reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT approval_decisions_pkey PRIMARY KEY (id),
  CONSTRAINT approval_decisions_approval_request_id_fkey
    FOREIGN KEY (organization_id, approval_request_id)
    REFERENCES approval_requests (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT approval_decisions_decided_by_user_id_fkey
    FOREIGN KEY (organization_id, decided_by_user_id)
    REFERENCES users (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT approval_decisions_reason_at_most_2000 CHECK (length(reason) <= 2000),
  CONSTRAINT approval_decisions_rejection_has_reason CHECK (
    verdict = 'approve' OR coalesce(reason, '') ~ '\S')
);
CREATE UNIQUE INDEX uq_approval_decisions_approval_request_id_decided_by_user_id
  ON approval_decisions (approval_request_id, decided_by_user_id);
CREATE INDEX idx_approval_decisions_organization_id_approval_request_id
  ON approval_decisions (organization_id, approval_request_id);
CREATE INDEX idx_approval_decisions_organization_id_decided_by_user_id
  ON approval_decisions (organization_id, decided_by_user_id);

COMMENT ON TABLE approval_decisions IS
  'What approvers said: one decision of each to a request, never changed';
COMMENT ON COLUMN approval_decisions.id IS 'Identifier, without unit';
COMMENT ON COLUMN approval_decisions.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN approval_decisions.approval_request_id IS 'The request, an approval_requests.id';
COMMENT ON COLUMN approval_decisions.decided_by_user_id IS 'The person who decided, a users.id; never the one who asked for the approval or the run';
COMMENT ON COLUMN approval_decisions.verdict IS 'What the person said, one of approval_verdict';
COMMENT ON COLUMN approval_decisions.reason IS 'Why, text for people of at most 2,000 characters; null if an approval needed no words';
COMMENT ON COLUMN approval_decisions.created_at IS 'When the row was made, instant; never changes';

CREATE FUNCTION require_decisions() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  approvals integer;
BEGIN
  IF NEW.status = 'approved' THEN
    SELECT count(*) INTO approvals FROM approval_decisions
    WHERE approval_request_id = NEW.id AND verdict = 'approve';
    IF approvals < NEW.required_approvals THEN
      RAISE EXCEPTION 'approval_requests.status cannot become approved: request % has % of % approvals',
        NEW.id, approvals, NEW.required_approvals
        USING ERRCODE = 'restrict_violation',
          DETAIL = 'A request is approved by its decisions only.',
          HINT = 'Insert rows of approval_decisions; the last one needed closes the request.';
    END IF;
  ELSIF NEW.status = 'rejected' THEN
    IF NOT EXISTS (
      SELECT FROM approval_decisions WHERE approval_request_id = NEW.id AND verdict = 'reject') THEN
      RAISE EXCEPTION 'approval_requests.status cannot become rejected: nobody rejected request %', NEW.id
        USING ERRCODE = 'restrict_violation',
          DETAIL = 'A request is rejected by a decision only.',
          HINT = 'Insert a row of approval_decisions; it closes the request. To take the request back, set cancelled.';
    END IF;
  ELSIF NEW.status = 'expired' AND NEW.expires_at > clock_timestamp() THEN
    RAISE EXCEPTION 'approval_requests.status cannot become expired: request % has time until %',
      NEW.id, to_char(NEW.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'People were told how long they have.',
        HINT = 'To take the request back, set cancelled.';
  END IF;
  RETURN NEW;
END;
$$;
COMMENT ON FUNCTION require_decisions() IS
  'Refuses an end of a request that its decisions or its time do not bear out';

CREATE TRIGGER keep_question BEFORE UPDATE ON approval_requests
  FOR EACH ROW WHEN (
    (OLD.run_id, OLD.step_id, OLD.requested_by_user_id, OLD.risk_tier, OLD.reason,
      OLD.required_approvals, OLD.expires_at)
    IS DISTINCT FROM
    (NEW.run_id, NEW.step_id, NEW.requested_by_user_id, NEW.risk_tier, NEW.reason,
      NEW.required_approvals, NEW.expires_at))
  EXECUTE FUNCTION keep_value(
    'what is asked, by whom, and until when',
    'People decide about what they were shown.',
    'Cancel the request and ask again.');
CREATE TRIGGER record_change BEFORE UPDATE ON approval_requests
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_change_after BEFORE UPDATE ON approval_requests
  FOR EACH ROW EXECUTE FUNCTION refuse_change_after('approved', 'rejected', 'expired', 'cancelled');
CREATE TRIGGER refuse_transition BEFORE UPDATE OF status ON approval_requests
  FOR EACH ROW EXECUTE FUNCTION refuse_transition(
    'pending>approved', 'pending>rejected', 'pending>expired', 'pending>cancelled');
CREATE TRIGGER require_decisions BEFORE INSERT OR UPDATE OF status ON approval_requests
  FOR EACH ROW EXECUTE FUNCTION require_decisions();
SELECT isolate_tenants('approval_requests');
GRANT SELECT, INSERT, UPDATE ON approval_requests TO tidemark_service, tidemark_seeding;
GRANT SELECT ON approval_requests TO tidemark_auditor;

CREATE FUNCTION check_approval_decision() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  request approval_requests;
BEGIN
  -- Decisions on one request go one after the other, so that the last one needed sees all others.
  SELECT * INTO request FROM approval_requests
  WHERE organization_id = NEW.organization_id AND id = NEW.approval_request_id FOR UPDATE;
  -- The foreign key is judged at the end of the statement, which may bring the request itself.
  IF request.id IS NULL THEN
    RAISE EXCEPTION 'approval_decisions: request % is not there', NEW.approval_request_id
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'Who asked and until when there is time is asked of the request.',
        HINT = 'Insert the request first, in a statement of its own.';
  END IF;
  IF request.deleted_at IS NOT NULL THEN
    RAISE EXCEPTION 'approval_decisions: request % is deleted and takes no decisions', request.id
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'Nobody waits for an answer to a request that is deleted.',
        HINT = 'Ask again with a new request.';
  END IF;
  IF request.status <> 'pending' THEN
    RAISE EXCEPTION 'approval_decisions: request % is % and takes no more decisions', request.id, request.status
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'A request that has its end keeps it.',
        HINT = 'Ask again with a new request.';
  END IF;
  IF request.expires_at <= clock_timestamp() THEN
    RAISE EXCEPTION 'approval_decisions: request % expired at %', request.id,
      to_char(request.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'A decision that comes too late does not count.',
        HINT = 'Ask again with a new request.';
  END IF;
  IF NEW.decided_by_user_id IN (
    SELECT request.requested_by_user_id
    UNION ALL
    SELECT requested_by_user_id FROM runs
    WHERE organization_id = NEW.organization_id AND id = request.run_id) THEN
    RAISE EXCEPTION 'approval_decisions: user % asked and may not decide request %',
      NEW.decided_by_user_id, request.id
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'Two people have to look at what needs an approval.',
        HINT = 'Let somebody else decide.';
  END IF;
  IF NOT EXISTS (
    SELECT FROM users
    WHERE organization_id = NEW.organization_id AND id = NEW.decided_by_user_id
      AND kind = 'person' AND deleted_at IS NULL) THEN
    RAISE EXCEPTION 'approval_decisions: user % is no person of the organization and may not decide',
      NEW.decided_by_user_id
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'Approvals are the place where a human being looks: not a service account, not a user that is deleted.',
        HINT = 'Let a person decide.';
  END IF;
  RETURN NEW;
END;
$$;
COMMENT ON FUNCTION check_approval_decision() IS
  'Refuses a decision that comes too late, that is not a person''s, by the one who asked for the approval or the run, or on a request that is deleted or not there yet';

CREATE FUNCTION close_approval_request() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE approval_requests
  SET status = CASE NEW.verdict WHEN 'reject' THEN 'rejected' ELSE 'approved' END::approval_status,
    closed_at = now()
  WHERE organization_id = NEW.organization_id AND id = NEW.approval_request_id AND (
    NEW.verdict = 'reject'
    OR required_approvals <= (
      SELECT count(*) FROM approval_decisions
      WHERE approval_request_id = NEW.approval_request_id AND verdict = 'approve'));
  RETURN NULL;
END;
$$;
COMMENT ON FUNCTION close_approval_request() IS
  'Closes a request by its first rejection or the last approval that it needs';

CREATE FUNCTION refuse_decision_delete() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_WHEN = 'BEFORE' THEN
    IF EXISTS (
      SELECT FROM approval_requests AS q JOIN runs AS r ON r.organization_id = q.organization_id AND r.id = q.run_id
      WHERE q.organization_id = OLD.organization_id AND q.id = OLD.approval_request_id
        AND r.finished_at IS NOT NULL AND r.deleted_at IS NOT NULL) THEN
      RETURN OLD;
    END IF;
  ELSIF NOT EXISTS (
    SELECT FROM approval_requests
    WHERE organization_id = OLD.organization_id AND id = OLD.approval_request_id) THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'approval_decisions is append-only: DELETE of row % is refused', OLD.id
    USING ERRCODE = 'restrict_violation',
      DETAIL = 'What somebody decided stays decided, and leaves only together with its run.',
      HINT = 'Leave it to delete_runs, which retention and erasure call.';
END;
$$;
COMMENT ON FUNCTION refuse_decision_delete() IS
  'Refuses to delete a decision unless its run is over and deleted, and its request leaves in the same transaction';

CREATE FUNCTION refuse_request_delete() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (SELECT FROM runs WHERE organization_id = OLD.organization_id AND id = OLD.run_id) THEN
    RAISE EXCEPTION 'approval_requests: request % is of run %, which stays', OLD.id, OLD.run_id
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'A run does not lose the approvals that it went on by.',
        HINT = 'Leave it to delete_runs, which retention and erasure call; or set deleted_at.';
  END IF;
  RETURN NULL;
END;
$$;
COMMENT ON FUNCTION refuse_request_delete() IS
  'Refuses to delete a request for approval whose run does not leave in the same transaction';

CREATE TRIGGER check_approval_decision BEFORE INSERT ON approval_decisions
  FOR EACH ROW EXECUTE FUNCTION check_approval_decision();
CREATE TRIGGER close_approval_request AFTER INSERT ON approval_decisions
  FOR EACH ROW EXECUTE FUNCTION close_approval_request();
-- ALWAYS: in replica mode too.
CREATE TRIGGER refuse_change BEFORE UPDATE ON approval_decisions
  FOR EACH ROW EXECUTE FUNCTION refuse_change(
    'What somebody decided stays decided.', 'Ask again with a new request.');
CREATE TRIGGER refuse_decision_delete BEFORE DELETE ON approval_decisions
  FOR EACH ROW EXECUTE FUNCTION refuse_decision_delete();
ALTER TABLE approval_decisions ENABLE ALWAYS TRIGGER refuse_decision_delete;
-- At the end of the transaction, when all is gone that goes.
CREATE CONSTRAINT TRIGGER leave_with_run AFTER DELETE ON approval_decisions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_decision_delete();
ALTER TABLE approval_decisions ENABLE ALWAYS TRIGGER leave_with_run;
CREATE CONSTRAINT TRIGGER leave_with_run AFTER DELETE ON approval_requests
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_request_delete();
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER leave_with_run;
ALTER TABLE approval_decisions ENABLE ALWAYS TRIGGER refuse_change;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON approval_decisions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE approval_decisions ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('approval_decisions');
GRANT SELECT, INSERT ON approval_decisions TO tidemark_service, tidemark_seeding;
GRANT SELECT ON approval_decisions TO tidemark_auditor;

CREATE TABLE tool_calls (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  step_id uuid NOT NULL,
  kind tool_call_kind NOT NULL,
  model_version_id uuid,
  connector_installation_id uuid,
  operation varchar(200) NOT NULL,
  status tool_call_status NOT NULL DEFAULT 'running',
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  duration_ms bigint GENERATED ALWAYS AS (
    (extract(epoch FROM finished_at - started_at) * 1000)::bigint) STORED,
  input_tokens bigint NOT NULL DEFAULT 0,
  cached_input_tokens bigint NOT NULL DEFAULT 0,
  output_tokens bigint NOT NULL DEFAULT 0,
  cost_nano_usd bigint NOT NULL DEFAULT 0,
  error_code varchar(100),
  error_message text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT tool_calls_pkey PRIMARY KEY (id),
  CONSTRAINT tool_calls_step_id_fkey FOREIGN KEY (organization_id, step_id)
    REFERENCES steps (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT tool_calls_model_version_id_fkey FOREIGN KEY (model_version_id)
    REFERENCES model_versions (id) ON DELETE RESTRICT,
  CONSTRAINT tool_calls_llm_has_model CHECK ((kind = 'llm') = (model_version_id IS NOT NULL)),
  CONSTRAINT tool_calls_connector_has_installation CHECK (
    (kind = 'connector') = (connector_installation_id IS NOT NULL)),
  CONSTRAINT tool_calls_operation_not_blank CHECK (operation ~ '\S'),
  CONSTRAINT tool_calls_finish_at_end_only CHECK (
    (status <> 'running') = (finished_at IS NOT NULL)),
  CONSTRAINT tool_calls_finish_not_before_start CHECK (finished_at >= started_at),
  CONSTRAINT tool_calls_input_tokens_not_negative CHECK (input_tokens >= 0),
  CONSTRAINT tool_calls_cached_input_tokens_within_input CHECK (
    cached_input_tokens BETWEEN 0 AND input_tokens),
  CONSTRAINT tool_calls_output_tokens_not_negative CHECK (output_tokens >= 0),
  CONSTRAINT tool_calls_tokens_of_llm_only CHECK (
    kind = 'llm' OR (input_tokens = 0 AND output_tokens = 0)),
  CONSTRAINT tool_calls_cost_nano_usd_not_negative CHECK (cost_nano_usd >= 0),
  CONSTRAINT tool_calls_error_of_failed_only CHECK ((status = 'failed') = (error_code IS NOT NULL)),
  CONSTRAINT tool_calls_error_message_with_code CHECK (
    error_message IS NULL OR error_code IS NOT NULL),
  CONSTRAINT tool_calls_error_message_at_most_10000 CHECK (length(error_message) <= 10000)
);
CREATE INDEX idx_tool_calls_organization_id_step_id ON tool_calls (organization_id, step_id);
CREATE INDEX idx_tool_calls_organization_id_started_at ON tool_calls (organization_id, started_at);
CREATE INDEX idx_tool_calls_model_version_id ON tool_calls (model_version_id);
CREATE INDEX idx_tool_calls_organization_id_connector_installation_id
  ON tool_calls (organization_id, connector_installation_id);
CREATE TRIGGER keep_step_id BEFORE UPDATE ON tool_calls
  FOR EACH ROW WHEN (OLD.step_id IS DISTINCT FROM NEW.step_id)
  EXECUTE FUNCTION keep_value(
    'step_id', 'A call is part of what its step did.', 'Insert a call of the other step.');
CREATE TRIGGER keep_kind BEFORE UPDATE ON tool_calls
  FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind)
  EXECUTE FUNCTION keep_value(
    'kind', 'A call is of what was called.', 'Insert a call of its own.');
CREATE TRIGGER keep_started_at BEFORE UPDATE ON tool_calls
  FOR EACH ROW WHEN (OLD.started_at IS DISTINCT FROM NEW.started_at)
  EXECUTE FUNCTION keep_value(
    'started_at', 'When a call began is known when it begins.', 'Insert a call of its own.');
CREATE TRIGGER record_change BEFORE UPDATE ON tool_calls
  FOR EACH ROW EXECUTE FUNCTION record_change();
-- ALWAYS: in replica mode too.
CREATE TRIGGER refuse_change_after BEFORE UPDATE ON tool_calls
  FOR EACH ROW EXECUTE FUNCTION refuse_change_after('succeeded', 'failed', 'cancelled');
ALTER TABLE tool_calls ENABLE ALWAYS TRIGGER refuse_change_after;
CREATE TRIGGER refuse_transition BEFORE UPDATE OF status ON tool_calls
  FOR EACH ROW EXECUTE FUNCTION refuse_transition(
    'running>succeeded', 'running>failed', 'running>cancelled');
ALTER TABLE tool_calls ENABLE ALWAYS TRIGGER refuse_transition;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON tool_calls
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE tool_calls ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('tool_calls');
GRANT SELECT, INSERT, UPDATE ON tool_calls TO tidemark_service, tidemark_seeding;

COMMENT ON TABLE tool_calls IS
  'Calls of models and connectors by steps. A call that is finished never changes; retention and erasure alone delete it';
COMMENT ON COLUMN tool_calls.id IS 'Identifier, without unit';
COMMENT ON COLUMN tool_calls.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN tool_calls.step_id IS 'The step that called, a steps.id';
COMMENT ON COLUMN tool_calls.kind IS 'What was called, one of tool_call_kind';
COMMENT ON COLUMN tool_calls.model_version_id IS 'The model that was called, a model_versions.id; null for a connector';
COMMENT ON COLUMN tool_calls.connector_installation_id IS 'The connector that was called, a connector_installations.id; null for a model';
COMMENT ON COLUMN tool_calls.operation IS 'What was asked for, name of at most 200 characters such as chat or create_ticket';
COMMENT ON COLUMN tool_calls.status IS 'Stage of the call, one of tool_call_status';
COMMENT ON COLUMN tool_calls.started_at IS 'When it began, instant';
COMMENT ON COLUMN tool_calls.finished_at IS 'When it ended, instant; null until then';
COMMENT ON COLUMN tool_calls.duration_ms IS 'From its beginning to its end, milliseconds; null until it ended';
COMMENT ON COLUMN tool_calls.input_tokens IS 'Tokens read, cached ones included; number of tokens, 0 for a connector';
COMMENT ON COLUMN tool_calls.cached_input_tokens IS 'Those of input_tokens that came from a cache; number of tokens';
COMMENT ON COLUMN tool_calls.output_tokens IS 'Tokens written; number of tokens, 0 for a connector';
COMMENT ON COLUMN tool_calls.cost_nano_usd IS 'What the call costs, billionths of a US dollar';
COMMENT ON COLUMN tool_calls.error_code IS 'Why it failed, name for programs of at most 100 characters; null unless it failed';
COMMENT ON COLUMN tool_calls.error_message IS 'Why it failed, text for people of at most 10,000 characters; null if there is nothing to say';
COMMENT ON COLUMN tool_calls.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN tool_calls.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN tool_calls.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN tool_calls.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

GRANT SELECT, INSERT, UPDATE, DELETE ON
  runs, steps, approval_requests, approval_decisions, tool_calls TO tidemark_migration;

CREATE FUNCTION delete_runs(run_ids uuid[]) RETURNS bigint
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  unfinished uuid;
  deleted bigint;
BEGIN
  SELECT id INTO unfinished FROM runs WHERE id = ANY (run_ids) AND finished_at IS NULL ORDER BY id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'runs: run % is not over and cannot be deleted', unfinished
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'What happens in it would be lost, and it might still happen.',
        HINT = 'Cancel the run first.';
  END IF;
  UPDATE runs SET deleted_at = now() WHERE id = ANY (run_ids) AND deleted_at IS NULL;
  DELETE FROM tool_calls AS c
  USING runs AS r JOIN steps AS s ON s.organization_id = r.organization_id AND s.run_id = r.id
  WHERE r.id = ANY (run_ids) AND c.organization_id = s.organization_id AND c.step_id = s.id;
  DELETE FROM approval_decisions AS d
  USING runs AS r JOIN approval_requests AS q ON q.organization_id = r.organization_id AND q.run_id = r.id
  WHERE r.id = ANY (run_ids) AND d.organization_id = q.organization_id AND d.approval_request_id = q.id;
  DELETE FROM approval_requests AS q USING runs AS r
  WHERE r.id = ANY (run_ids) AND q.organization_id = r.organization_id AND q.run_id = r.id;
  DELETE FROM steps AS s USING runs AS r
  WHERE r.id = ANY (run_ids) AND s.organization_id = r.organization_id AND s.run_id = r.id;
  DELETE FROM runs WHERE id = ANY (run_ids);
  GET DIAGNOSTICS deleted = ROW_COUNT;
  RETURN deleted;
END;
$$;
COMMENT ON FUNCTION delete_runs(uuid[]) IS
  'Deletes runs for good, with their steps, calls, requests for approval and decisions, and returns how many runs; for retention and erasure. Refuses a run that is not over. The audit log keeps who decided what, for as long as it keeps entries';
REVOKE EXECUTE ON FUNCTION delete_runs(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION delete_runs(uuid[]) TO tidemark_migration;

CREATE FUNCTION delete_expired_runs(maximum integer DEFAULT 1000) RETURNS bigint
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  expired uuid[];
BEGIN
  SELECT array_agg(id) INTO expired FROM (
    SELECT r.id
    FROM workspaces AS w
      LEFT JOIN workspace_settings AS s
        ON s.organization_id = w.organization_id AND s.workspace_id = w.id AND s.deleted_at IS NULL
      JOIN runs AS r ON r.organization_id = w.organization_id AND r.workspace_id = w.id
    WHERE r.finished_at < now() - coalesce(s.run_retention, interval '400 days')
    LIMIT maximum
    FOR UPDATE OF r SKIP LOCKED) AS run;
  RETURN coalesce(delete_runs(expired), 0);
END;
$$;
COMMENT ON FUNCTION delete_expired_runs(integer) IS
  'Deletes runs that ended longer ago than their workspace''s run_retention (400 days where none is set), at most so many, and returns how many; for a scheduler, until it returns 0';
REVOKE EXECUTE ON FUNCTION delete_expired_runs(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION delete_expired_runs(integer) TO tidemark_migration;
