-- What functions mean by a name is never a temporary table of their caller.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

CREATE TYPE retention_action AS ENUM ('delete', 'anonymize');
COMMENT ON TYPE retention_action IS 'What happens to rows whose time is over: they go, or what tells about people goes';
CREATE TYPE erasure_status AS ENUM ('received', 'running', 'completed', 'failed', 'rejected');
COMMENT ON TYPE erasure_status IS 'Where a request for erasure stands; completed and rejected are for ever';

CREATE TABLE legal_bases (
  code varchar(50) NOT NULL,
  label varchar(255) NOT NULL,
  description text NOT NULL,
  sort_order integer NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  CONSTRAINT legal_bases_pkey PRIMARY KEY (code),
  CONSTRAINT legal_bases_code_is_name CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  CONSTRAINT legal_bases_label_not_blank CHECK (label ~ '\S')
);
COMMENT ON TABLE legal_bases IS 'Look-up: why data may be kept, after article 6 of the GDPR; the same for all';
COMMENT ON COLUMN legal_bases.code IS 'Name for programs, text of at most 50 characters';
COMMENT ON COLUMN legal_bases.label IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN legal_bases.description IS 'What it means, text';
COMMENT ON COLUMN legal_bases.sort_order IS 'Place in lists, number counted from 1';
COMMENT ON COLUMN legal_bases.is_active IS 'Whether it may be chosen, true or false';

INSERT INTO legal_bases (code, label, description, sort_order) VALUES
  ('contract', 'Contract', 'The data are needed to do what was agreed with the customer', 1),
  ('legal_obligation', 'Legal obligation', 'A law asks to keep the data, such as that on book-keeping', 2),
  ('legitimate_interest', 'Legitimate interest', 'The data protect the service or show who did what', 3),
  ('consent', 'Consent', 'The person agreed, and may take that back', 4);

CREATE TABLE data_classes (
  code varchar(50) NOT NULL,
  label varchar(255) NOT NULL,
  description text NOT NULL,
  sort_order integer NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  CONSTRAINT data_classes_pkey PRIMARY KEY (code),
  CONSTRAINT data_classes_code_is_name CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  CONSTRAINT data_classes_label_not_blank CHECK (label ~ '\S')
);
COMMENT ON TABLE data_classes IS 'Look-up: how much care data need, the least first; the same for all';
COMMENT ON COLUMN data_classes.code IS 'Name for programs, text of at most 50 characters';
COMMENT ON COLUMN data_classes.label IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN data_classes.description IS 'What it means, text';
COMMENT ON COLUMN data_classes.sort_order IS 'Place in lists, number counted from 1';
COMMENT ON COLUMN data_classes.is_active IS 'Whether it may be chosen, true or false';

INSERT INTO data_classes (code, label, description, sort_order) VALUES
  ('public', 'Public', 'Anybody may know it', 1),
  ('internal', 'Internal', 'For those who work on the platform', 2),
  ('confidential', 'Confidential', 'For the organization that it belongs to', 3),
  ('personal', 'Personal', 'Tells something about a person', 4),
  ('secret', 'Secret', 'Opens something; held hashed or encrypted only', 5);

CREATE TABLE retention_policies (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  dataset varchar(63) NOT NULL,
  description text NOT NULL,
  data_class_code varchar(50) NOT NULL,
  legal_basis_code varchar(50) NOT NULL,
  retention interval NOT NULL,
  action retention_action NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT retention_policies_pkey PRIMARY KEY (id),
  CONSTRAINT retention_policies_data_class_code_fkey FOREIGN KEY (data_class_code)
    REFERENCES data_classes (code) ON DELETE RESTRICT,
  CONSTRAINT retention_policies_legal_basis_code_fkey FOREIGN KEY (legal_basis_code)
    REFERENCES legal_bases (code) ON DELETE RESTRICT,
  CONSTRAINT retention_policies_dataset_is_name CHECK (dataset ~ '^[a-z][a-z0-9_]*$'),
  CONSTRAINT retention_policies_retention_positive CHECK (retention > '0')
);
CREATE UNIQUE INDEX uq_retention_policies_dataset ON retention_policies (dataset)
  WHERE deleted_at IS NULL;
CREATE INDEX idx_retention_policies_data_class_code ON retention_policies (data_class_code);
CREATE INDEX idx_retention_policies_legal_basis_code ON retention_policies (legal_basis_code);
CREATE TRIGGER record_change BEFORE UPDATE ON retention_policies
  FOR EACH ROW EXECUTE FUNCTION record_change();

COMMENT ON TABLE retention_policies IS
  'How long each set of data is kept, and why that is allowed; the same for all organizations. What an organization chooses for itself is in workspace_settings and audit_settings';
COMMENT ON COLUMN retention_policies.id IS 'Identifier, without unit';
COMMENT ON COLUMN retention_policies.dataset IS 'What is kept, name of a table; unique among policies not deleted';
COMMENT ON COLUMN retention_policies.description IS 'What it means, text';
COMMENT ON COLUMN retention_policies.data_class_code IS 'How much care the data need, a data_classes.code';
COMMENT ON COLUMN retention_policies.legal_basis_code IS 'Why they may be kept, a legal_bases.code';
COMMENT ON COLUMN retention_policies.retention IS 'How long they are kept, interval';
COMMENT ON COLUMN retention_policies.action IS 'What happens then, one of retention_action';
COMMENT ON COLUMN retention_policies.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN retention_policies.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN retention_policies.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN retention_policies.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

-- Built-in ids follow from the names, so that they are the same in every database.
INSERT INTO retention_policies (id, dataset, description, data_class_code, legal_basis_code, retention, action)
SELECT md5('retention policy ' || dataset)::uuid, dataset, description, data_class, legal_basis, retention::interval,
  action::retention_action
FROM (VALUES
  ('usage_events', 'Requests one by one; the lake keeps what was rolled up', 'personal', 'contract', '24 months', 'delete'),
  ('usage_summaries', 'Usage by hour, day and month', 'personal', 'legal_obligation', '10 years', 'anonymize'),
  ('metering_events', 'What is counted beside tokens', 'personal', 'contract', '24 months', 'delete'),
  ('audit_log_entries', 'Who did what; each organization may choose between 90 days and 10 years', 'personal', 'legitimate_interest', '24 months', 'delete'),
  ('sessions', 'Logins', 'personal', 'legitimate_interest', '90 days', 'delete'),
  ('users', 'People who were deleted', 'personal', 'contract', '30 days', 'anonymize'),
  ('organizations', 'Organizations that were deleted', 'confidential', 'contract', '30 days', 'anonymize'),
  ('runs', 'Runs and their steps; each workspace may choose', 'confidential', 'contract', '400 days', 'delete'))
  AS policy (dataset, description, data_class, legal_basis, retention, action);

CREATE FUNCTION refuse_answered_request() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.status <> 'received' THEN
    RAISE EXCEPTION 'a request for erasure begins as received, not as %', NEW.status
      USING ERRCODE = 'check_violation',
        HINT = 'Insert it as received; what is done about it is told by updates, each of which is in the audit log.';
  END IF;
  IF NEW.requested_at > clock_timestamp() THEN
    RAISE EXCEPTION 'a request for erasure was made at %, which is in the future', NEW.requested_at
      USING ERRCODE = 'check_violation', HINT = 'Leave requested_at out, or give when it was asked for.';
  END IF;
  RETURN NEW;
END;
$$;
COMMENT ON FUNCTION refuse_answered_request() IS
  'Refuses a new request for erasure that has an answer already, or whose time is in the future';

CREATE TABLE erasure_requests (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  subject_user_id uuid,
  requested_by_user_id uuid,
  requested_at timestamptz NOT NULL DEFAULT now(),
  due_at timestamptz NOT NULL DEFAULT now() + interval '720 hours',
  status erasure_status NOT NULL DEFAULT 'received',
  attempt_count integer NOT NULL DEFAULT 0,
  failure_reason text,
  rejection_reason text,
  completed_at timestamptz,
  evidence_digest bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT erasure_requests_pkey PRIMARY KEY (id),
  CONSTRAINT erasure_requests_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT erasure_requests_subject_user_id_fkey FOREIGN KEY (organization_id, subject_user_id)
    REFERENCES users (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT erasure_requests_requested_by_user_id_fkey FOREIGN KEY (organization_id, requested_by_user_id)
    REFERENCES users (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT erasure_requests_due_within_30_days CHECK (
    due_at > requested_at AND due_at <= requested_at + interval '720 hours'),
  CONSTRAINT erasure_requests_attempt_count_not_negative CHECK (attempt_count >= 0),
  CONSTRAINT erasure_requests_failed_with_reason CHECK ((status = 'failed') = (failure_reason IS NOT NULL)),
  CONSTRAINT erasure_requests_rejected_with_reason CHECK ((status = 'rejected') = (rejection_reason IS NOT NULL)),
  CONSTRAINT erasure_requests_reasons_at_most_10000 CHECK (
    length(failure_reason) <= 10000 AND length(rejection_reason) <= 10000),
  CONSTRAINT erasure_requests_reasons_told CHECK (failure_reason ~ '\S' AND rejection_reason ~ '\S'),
  CONSTRAINT erasure_requests_completed_with_evidence CHECK (
    (status = 'completed') = (completed_at IS NOT NULL) AND (status = 'completed') = (evidence_digest IS NOT NULL)),
  CONSTRAINT erasure_requests_completed_after_request CHECK (completed_at >= requested_at),
  CONSTRAINT erasure_requests_evidence_digest_length CHECK (octet_length(evidence_digest) = 32)
);
CREATE UNIQUE INDEX uq_erasure_requests_organization_id_subject_user_id
  ON erasure_requests (organization_id, subject_user_id) NULLS NOT DISTINCT
  WHERE status IN ('received', 'running', 'failed');
CREATE INDEX idx_erasure_requests_organization_id_subject_user_id
  ON erasure_requests (organization_id, subject_user_id);
CREATE INDEX idx_erasure_requests_organization_id_requested_by_user_id
  ON erasure_requests (organization_id, requested_by_user_id);
CREATE INDEX idx_erasure_requests_due_at ON erasure_requests (due_at)
  WHERE status IN ('received', 'running', 'failed');
CREATE TRIGGER refuse_answered_request BEFORE INSERT ON erasure_requests
  FOR EACH ROW EXECUTE FUNCTION refuse_answered_request();
CREATE TRIGGER keep_request BEFORE UPDATE ON erasure_requests
  FOR EACH ROW WHEN (
    (OLD.subject_user_id, OLD.requested_by_user_id, OLD.requested_at, OLD.due_at) IS DISTINCT FROM
    (NEW.subject_user_id, NEW.requested_by_user_id, NEW.requested_at, NEW.due_at))
  EXECUTE FUNCTION keep_value(
    'the request', 'Its subject and its times are what the law counts from.', 'Make another request.');
CREATE TRIGGER keep_outcome BEFORE UPDATE ON erasure_requests
  FOR EACH ROW WHEN (OLD.status IN ('completed', 'rejected') AND OLD.status = NEW.status)
  EXECUTE FUNCTION keep_value(
    'the outcome', 'It is the evidence of what was done.', 'Make another request.');
CREATE TRIGGER record_change BEFORE UPDATE ON erasure_requests
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_transition BEFORE UPDATE OF status ON erasure_requests
  FOR EACH ROW EXECUTE FUNCTION refuse_transition(
    'received>running', 'received>rejected', 'running>completed', 'running>failed', 'failed>running');
CREATE TRIGGER refuse_delete BEFORE DELETE ON erasure_requests
  FOR EACH ROW EXECUTE FUNCTION refuse_delete(
    'It is the evidence that a request was answered in time.', 'Leave it; it holds no personal data.');
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON erasure_requests
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
SELECT isolate_tenants('erasure_requests');

COMMENT ON TABLE erasure_requests IS
  'Requests to erase what is held of a user or of a whole organization, and what became of them. At most one is open for each subject';
COMMENT ON COLUMN erasure_requests.id IS 'Identifier, without unit';
COMMENT ON COLUMN erasure_requests.organization_id IS 'The tenant, an organizations.id';
COMMENT ON COLUMN erasure_requests.subject_user_id IS 'Whose data are to be erased, a users.id of the same organization; null for the whole organization';
COMMENT ON COLUMN erasure_requests.requested_by_user_id IS 'Who asked, a users.id of the same organization; null if somebody outside';
COMMENT ON COLUMN erasure_requests.requested_at IS 'When it was asked for, instant; never changes';
COMMENT ON COLUMN erasure_requests.due_at IS 'By when it must be done, instant; at most 30 days of 24 hours after requested_at; never changes';
COMMENT ON COLUMN erasure_requests.status IS 'Where it stands, one of erasure_status';
COMMENT ON COLUMN erasure_requests.attempt_count IS 'How often it was begun, number';
COMMENT ON COLUMN erasure_requests.failure_reason IS 'Why the last attempt failed, text; null unless failed';
COMMENT ON COLUMN erasure_requests.rejection_reason IS 'Why it was refused, text; null unless rejected';
COMMENT ON COLUMN erasure_requests.completed_at IS 'When it was done, instant; null unless completed';
COMMENT ON COLUMN erasure_requests.evidence_digest IS 'SHA-256 of the report of what was erased where, 32 bytes; null unless completed';
COMMENT ON COLUMN erasure_requests.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN erasure_requests.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN erasure_requests.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

SELECT audit_changes_of('retention_policies');
SELECT audit_changes_of('erasure_requests');

GRANT SELECT ON legal_bases, data_classes, retention_policies TO
  tidemark_service, tidemark_analytics, tidemark_auditor, tidemark_extraction;
GRANT SELECT, INSERT, UPDATE ON erasure_requests TO tidemark_service, tidemark_seeding;
GRANT SELECT ON erasure_requests TO tidemark_auditor, tidemark_extraction;
GRANT SELECT, INSERT, UPDATE ON legal_bases, data_classes, retention_policies TO tidemark_seeding;
GRANT SELECT, INSERT, UPDATE, DELETE ON legal_bases, data_classes, retention_policies TO tidemark_migration;
GRANT SELECT, INSERT, UPDATE ON erasure_requests TO tidemark_migration;
