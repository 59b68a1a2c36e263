-- What functions mean by a name is never a temporary table of their caller.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

CREATE TYPE risk_tier AS ENUM ('low', 'medium', 'high');
COMMENT ON TYPE risk_tier IS 'How much harm a mistake can do; approvals go by it';
CREATE TYPE workflow_status AS ENUM ('draft', 'active', 'suspended', 'archived');
COMMENT ON TYPE workflow_status IS 'Stages of a workflow''s life: being written, in use, stopped for a while, ended';
CREATE TYPE policy_status AS ENUM ('draft', 'active', 'retired');
COMMENT ON TYPE policy_status IS 'Stages of a policy''s life: being written, in use, ended';
CREATE TYPE policy_enforcement AS ENUM ('block', 'require_approval', 'warn');
COMMENT ON TYPE policy_enforcement IS 'What happens to a run that breaks a policy: it stops, it waits for an approval, or it goes on and is noted';

CREATE FUNCTION sha256_digest(content text) RETURNS bytea
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN sha256(convert_to(content, 'UTF8'));
COMMENT ON FUNCTION sha256_digest(text) IS 'SHA-256 of a text in UTF-8, 32 bytes';

CREATE TABLE workflows (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  name varchar(255) NOT NULL,
  description text,
  risk_tier risk_tier NOT NULL DEFAULT 'medium',
  status workflow_status NOT NULL DEFAULT 'draft',
  search_vector tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('english', name), 'A')
    || setweight(to_tsvector('english', coalesce(description, '')), 'B')) STORED,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT workflows_pkey PRIMARY KEY (id),
  CONSTRAINT workflows_organization_id_id_key UNIQUE (organization_id, id),
  CONSTRAINT workflows_organization_id_workspace_id_id_key
    UNIQUE (organization_id, workspace_id, id),
  CONSTRAINT workflows_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id)
    REFERENCES workspaces (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT workflows_name_not_blank CHECK (name ~ '\S'),
  CONSTRAINT workflows_description_at_most_10000 CHECK (length(description) <= 10000)
);
CREATE UNIQUE INDEX uq_workflows_organization_id_workspace_id_name
  ON workflows (organization_id, workspace_id, name) WHERE deleted_at IS NULL;
CREATE INDEX idx_workflows_organization_id_created_at ON workflows (organization_id, created_at);
CREATE INDEX idx_workflows_search_vector ON workflows USING gin (search_vector)
  WHERE deleted_at IS NULL;
CREATE TRIGGER record_change BEFORE UPDATE ON workflows
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_transition BEFORE UPDATE OF status ON workflows
  FOR EACH ROW EXECUTE FUNCTION refuse_transition(
    'draft>active', 'draft>archived', 'active>suspended', 'active>archived', 'suspended>active', 'suspended>archived');
SELECT isolate_tenants('workflows');
GRANT SELECT, INSERT, UPDATE ON workflows TO tidemark_service, tidemark_seeding;

COMMENT ON TABLE workflows IS 'What an organization lets models and connectors do; how, say its versions';
COMMENT ON COLUMN workflows.id IS 'Identifier, without unit';
COMMENT ON COLUMN workflows.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN workflows.workspace_id IS 'The workspace it belongs to, a workspaces.id';
COMMENT ON COLUMN workflows.name IS 'Name for people, text of at most 255 characters; unique in the workspace among those not deleted';
COMMENT ON COLUMN workflows.description IS 'What it is for, text of at most 10,000 characters; null if nobody has said';
COMMENT ON COLUMN workflows.risk_tier IS 'How much harm a mistake can do, one of risk_tier';
COMMENT ON COLUMN workflows.status IS 'Stage of its life, one of workflow_status';
COMMENT ON COLUMN workflows.search_vector IS 'Words of name (weight A) and description (weight B) by the rules of English, for full-text search';
COMMENT ON COLUMN workflows.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN workflows.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN workflows.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN workflows.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE FUNCTION search_workflows(words text, maximum integer DEFAULT 20)
  RETURNS TABLE (
    workflow_id uuid, workspace_id uuid, name varchar, risk_tier risk_tier, status workflow_status, relevance real)
  LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  SELECT w.id, w.workspace_id, w.name, w.risk_tier, w.status, ts_rank(w.search_vector, q) AS relevance
  FROM workflows AS w, websearch_to_tsquery('english', words) AS q
  WHERE w.organization_id = current_organization_id() AND w.deleted_at IS NULL AND w.search_vector @@ q
  ORDER BY relevance DESC, w.id
  LIMIT maximum;
END;
COMMENT ON FUNCTION search_workflows(text, integer) IS
  'Workflows of the current organization that hold the words (as one writes them for a web search), most relevant first. Row security keeps text operators from the index, so that this function applies the tenant rule itself';
REVOKE EXECUTE ON FUNCTION search_workflows(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_workflows(text, integer) TO tidemark_service;

CREATE TABLE workflow_versions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  semantic_version varchar(255) NOT NULL,
  major integer GENERATED ALWAYS AS (
    substring(semantic_version, '^(\d{1,9})\.\d{1,9}\.\d{1,9}')::integer) STORED,
  minor integer GENERATED ALWAYS AS (
    substring(semantic_version, '^\d{1,9}\.(\d{1,9})\.\d{1,9}')::integer) STORED,
  patch integer GENERATED ALWAYS AS (
    substring(semantic_version, '^\d{1,9}\.\d{1,9}\.(\d{1,9})')::integer) STORED,
  is_prerelease boolean NOT NULL GENERATED ALWAYS AS (
    split_part(semantic_version, '+', 1) LIKE '%-%') STORED,
  definition jsonb NOT NULL,
  definition_digest bytea NOT NULL GENERATED ALWAYS AS (sha256_digest(definition::text)) STORED,
  model_count smallint NOT NULL DEFAULT 0,
  published_by_user_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT workflow_versions_pkey PRIMARY KEY (id),
  CONSTRAINT workflow_versions_organization_id_id_key UNIQUE (organization_id, id),
  CONSTRAINT workflow_versions_organization_id_workflow_id_id_key
    UNIQUE (organization_id, workflow_id, id),
  CONSTRAINT workflow_versions_workflow_id_fkey FOREIGN KEY (organization_id, workflow_id)
    REFERENCES workflows (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT workflow_versions_published_by_user_id_fkey
    FOREIGN KEY (organization_id, published_by_user_id)
    REFERENCES users (organization_id, id) ON DELETE RESTRICT,
  -- The grammar of semver.org, version 2.0.0; numbers of at most nine digits, so that they fit an integer.
  CONSTRAINT workflow_versions_semantic_version_is_semver CHECK (
    semantic_version ~ ('^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})'
      '(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?'
      '(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$')),
  CONSTRAINT workflow_versions_definition_is_object CHECK (jsonb_typeof(definition) = 'object'),
  CONSTRAINT workflow_versions_definition_at_most_1_mib CHECK (
    octet_length(definition::text) <= 1048576),
  CONSTRAINT workflow_versions_model_count_within_100 CHECK (model_count BETWEEN 0 AND 100)
);
-- Build metadata does not tell versions apart.
CREATE UNIQUE INDEX uq_workflow_versions_organization_id_workflow_id_version
  ON workflow_versions (organization_id, workflow_id, split_part(semantic_version, '+', 1));
CREATE INDEX idx_workflow_versions_organization_id_workflow_id_precedence
  ON workflow_versions (organization_id, workflow_id, major, minor, patch);
CREATE INDEX idx_workflow_versions_organization_id_published_by_user_id
  ON workflow_versions (organization_id, published_by_user_id);
-- ALWAYS: in replica mode too.
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON workflow_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_change(
    'A run of a version must mean the same for ever.', 'Publish a new version.');
ALTER TABLE workflow_versions ENABLE ALWAYS TRIGGER refuse_change;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON workflow_versions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE workflow_versions ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('workflow_versions');
GRANT SELECT, INSERT ON workflow_versions TO tidemark_service, tidemark_seeding;

COMMENT ON TABLE workflow_versions IS
  'Published states of a workflow. A row never changes; what is to change gets a version of its own';
COMMENT ON COLUMN workflow_versions.id IS 'Identifier, without unit';
COMMENT ON COLUMN workflow_versions.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN workflow_versions.workflow_id IS 'The workflow, a workflows.id';
COMMENT ON COLUMN workflow_versions.semantic_version IS 'Version by the rules of semver.org 2.0.0, such as 1.4.0-rc.1; unique in the workflow, build metadata aside';
COMMENT ON COLUMN workflow_versions.major IS 'First number of the version, without unit; sorts versions';
COMMENT ON COLUMN workflow_versions.minor IS 'Second number of the version, without unit; sorts versions';
COMMENT ON COLUMN workflow_versions.patch IS 'Third number of the version, without unit; sorts versions';
COMMENT ON COLUMN workflow_versions.is_prerelease IS 'Whether it comes before the release of the same three numbers';
COMMENT ON COLUMN workflow_versions.definition IS 'The steps, a JSON object of at most 1 MiB';
COMMENT ON COLUMN workflow_versions.definition_digest IS 'SHA-256 of the definition as Postgres writes jsonb, in UTF-8, 32 bytes; the same definition has the same digest, whatever its white space and order of keys';
COMMENT ON COLUMN workflow_versions.model_count IS 'Number of models that it pins; so many rows of workflow_version_models come with it';
COMMENT ON COLUMN workflow_versions.published_by_user_id IS 'Who published it, a users.id';
COMMENT ON COLUMN workflow_versions.created_at IS 'When the row was made, instant; never changes';

CREATE TABLE workflow_version_models (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  workflow_version_id uuid NOT NULL,
  alias varchar(100) NOT NULL,
  model_version_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT workflow_version_models_pkey PRIMARY KEY (id),
  CONSTRAINT workflow_version_models_workflow_version_id_fkey
    FOREIGN KEY (organization_id, workflow_version_id)
    REFERENCES workflow_versions (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT workflow_version_models_model_version_id_fkey FOREIGN KEY (model_version_id)
    REFERENCES model_versions (id) ON DELETE RESTRICT,
  CONSTRAINT workflow_version_models_alias_is_name CHECK (alias ~ '^[a-z][a-z0-9_]*$')
);
-- Led by the tenant, so that a duplicate never tells of another tenant's row.
CREATE UNIQUE INDEX uq_workflow_version_models_organization_id_version_alias
  ON workflow_version_models (organization_id, workflow_version_id, alias);
CREATE INDEX idx_workflow_version_models_model_version_id
  ON workflow_version_models (model_version_id);
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON workflow_version_models
  FOR EACH ROW EXECUTE FUNCTION refuse_change(
    'What a published version does never changes.', 'Publish a new version.');
ALTER TABLE workflow_version_models ENABLE ALWAYS TRIGGER refuse_change;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON workflow_version_models
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE workflow_version_models ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('workflow_version_models');
GRANT SELECT, INSERT ON workflow_version_models TO tidemark_service, tidemark_seeding;

COMMENT ON TABLE workflow_version_models IS
  'The exact model behind each name that a workflow''s definition uses, pinned when the version is published';
COMMENT ON COLUMN workflow_version_models.id IS 'Identifier, without unit';
COMMENT ON COLUMN workflow_version_models.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN workflow_version_models.workflow_version_id IS 'The version that pins the model, a workflow_versions.id';
COMMENT ON COLUMN workflow_version_models.alias IS 'Name that the definition calls the model by: small letters, digits, underscores; at most 100 characters';
COMMENT ON COLUMN workflow_version_models.model_version_id IS 'The model, a model_versions.id';
COMMENT ON COLUMN workflow_version_models.created_at IS 'When the row was made, instant; never changes';

CREATE FUNCTION refuse_late_pin() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  expected integer;
  present integer;
BEGIN
  SELECT model_count INTO expected FROM workflow_versions
  WHERE organization_id = NEW.organization_id AND id = NEW.workflow_version_id;
  -- The foreign key is judged at the end of the statement, which may bring the version itself.
  IF expected IS NULL THEN
    RAISE EXCEPTION 'workflow_version_models: version % is not there', NEW.workflow_version_id
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'How many models a version pins is asked of the version.',
        HINT = 'Insert the version first, in a statement of its own in the same transaction.';
  END IF;
  SELECT count(*) INTO present FROM workflow_version_models
  WHERE organization_id = NEW.organization_id AND workflow_version_id = NEW.workflow_version_id;
  IF present >= expected THEN
    RAISE EXCEPTION 'workflow_version_models: version % pins % models and has them all',
      NEW.workflow_version_id, expected
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'What a published version does never changes, so that no model is pinned to it later.',
        HINT = 'Publish a new version with the models that it needs, and give their number as model_count.';
  END IF;
  RETURN NEW;
END;
$$;
COMMENT ON FUNCTION refuse_late_pin() IS
  'Refuses a model beyond those that its workflow version announces, or before the version is there';

CREATE FUNCTION refuse_retired_pin() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (
    SELECT FROM model_versions
    WHERE id = NEW.model_version_id AND (status = 'retired' OR deleted_at IS NOT NULL)) THEN
    RAISE EXCEPTION 'workflow_version_models: model version % is retired and cannot be pinned',
      NEW.model_version_id
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'A version that is published now would never run.',
        HINT = 'Pin a version of a model whose status is active or deprecated.';
  END IF;
  RETURN NEW;
END;
$$;
COMMENT ON FUNCTION refuse_retired_pin() IS 'Refuses to pin a model version that is retired or deleted';

CREATE FUNCTION refuse_missing_pin() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  present integer;
BEGIN
  SELECT count(*) INTO present FROM workflow_version_models
  WHERE organization_id = NEW.organization_id AND workflow_version_id = NEW.id;
  IF present < NEW.model_count THEN
    RAISE EXCEPTION 'workflow_versions: version % announces % models and pins %',
      NEW.id, NEW.model_count, present
      USING ERRCODE = 'integrity_constraint_violation',
        DETAIL = 'A version is published whole: with every model that its definition calls.',
        HINT = 'Insert the rows of workflow_version_models in the transaction that inserts the version.';
  END IF;
  RETURN NULL;
END;
$$;
COMMENT ON FUNCTION refuse_missing_pin() IS
  'Refuses the commit of a workflow version that lacks models which it announces';

CREATE TRIGGER refuse_late_pin BEFORE INSERT ON workflow_version_models
  FOR EACH ROW EXECUTE FUNCTION refuse_late_pin();
CREATE TRIGGER refuse_retired_pin BEFORE INSERT ON workflow_version_models
  FOR EACH ROW EXECUTE FUNCTION refuse_retired_pin();
CREATE CONSTRAINT TRIGGER refuse_missing_pin AFTER INSERT ON workflow_versions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_missing_pin();

CREATE TABLE policies (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  name varchar(255) NOT NULL,
  description text,
  status policy_status NOT NULL DEFAULT 'draft',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT policies_pkey PRIMARY KEY (id),
  CONSTRAINT policies_organization_id_id_key UNIQUE (organization_id, id),
  CONSTRAINT policies_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT policies_name_not_blank CHECK (name ~ '\S'),
  CONSTRAINT policies_description_at_most_10000 CHECK (length(description) <= 10000)
);
CREATE UNIQUE INDEX uq_policies_organization_id_name ON policies (organization_id, name)
  WHERE deleted_at IS NULL;
CREATE TRIGGER record_change BEFORE UPDATE ON policies
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_transition BEFORE UPDATE OF status ON policies
  FOR EACH ROW EXECUTE FUNCTION refuse_transition(
    'draft>active', 'draft>retired', 'active>retired');
SELECT isolate_tenants('policies');
GRANT SELECT, INSERT, UPDATE ON policies TO tidemark_service, tidemark_seeding;

COMMENT ON TABLE policies IS 'Rules that an organization sets for its workflows; what they say, say their versions';
COMMENT ON COLUMN policies.id IS 'Identifier, without unit';
COMMENT ON COLUMN policies.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN policies.name IS 'Name for people, text of at most 255 characters; unique among those not deleted';
COMMENT ON COLUMN policies.description IS 'What it is for, text of at most 10,000 characters; null if nobody has said';
COMMENT ON COLUMN policies.status IS 'Stage of its life, one of policy_status';
COMMENT ON COLUMN policies.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN policies.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN policies.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN policies.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE policy_versions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  policy_id uuid NOT NULL,
  version_number integer NOT NULL,
  rego text NOT NULL,
  rego_digest bytea NOT NULL GENERATED ALWAYS AS (sha256_digest(rego)) STORED,
  published_by_user_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT policy_versions_pkey PRIMARY KEY (id),
  CONSTRAINT policy_versions_organization_id_id_key UNIQUE (organization_id, id),
  CONSTRAINT policy_versions_policy_id_fkey FOREIGN KEY (organization_id, policy_id)
    REFERENCES policies (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT policy_versions_published_by_user_id_fkey
    FOREIGN KEY (organization_id, published_by_user_id)
    REFERENCES users (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT policy_versions_version_number_positive CHECK (version_number > 0),
  CONSTRAINT policy_versions_rego_declares_package CHECK (rego ~ '(?n)^\s*package\s+\w'),
  CONSTRAINT policy_versions_rego_at_most_1_mib CHECK (octet_length(rego) <= 1048576)
);
CREATE UNIQUE INDEX uq_policy_versions_organization_id_policy_id_version_number
  ON policy_versions (organization_id, policy_id, version_number);
CREATE INDEX idx_policy_versions_organization_id_published_by_user_id
  ON policy_versions (organization_id, published_by_user_id);
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON policy_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_change(
    'What a policy said must be told for ever.', 'Publish a new version.');
ALTER TABLE policy_versions ENABLE ALWAYS TRIGGER refuse_change;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON policy_versions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE policy_versions ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('policy_versions');
GRANT SELECT, INSERT ON policy_versions TO tidemark_service, tidemark_seeding;

COMMENT ON TABLE policy_versions IS
  'Published texts of a policy, in the language Rego. A row never changes; what is to change gets a version of its own';
COMMENT ON COLUMN policy_versions.id IS 'Identifier, without unit';
COMMENT ON COLUMN policy_versions.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN policy_versions.policy_id IS 'The policy, a policies.id';
COMMENT ON COLUMN policy_versions.version_number IS 'Number of the version, counted from 1; unique in the policy';
COMMENT ON COLUMN policy_versions.rego IS 'The rules, a Rego module of at most 1 MiB';
COMMENT ON COLUMN policy_versions.rego_digest IS 'SHA-256 of the rules in UTF-8, 32 bytes';
COMMENT ON COLUMN policy_versions.published_by_user_id IS 'Who published it, a users.id';
COMMENT ON COLUMN policy_versions.created_at IS 'When the row was made, instant; never changes';

CREATE TABLE policy_bindings (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  policy_version_id uuid NOT NULL,
  workspace_id uuid,
  workflow_id uuid,
  priority smallint NOT NULL,
  enforcement policy_enforcement NOT NULL DEFAULT 'block',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT policy_bindings_pkey PRIMARY KEY (id),
  CONSTRAINT policy_bindings_policy_version_id_fkey
    FOREIGN KEY (organization_id, policy_version_id)
    REFERENCES policy_versions (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT policy_bindings_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id)
    REFERENCES workspaces (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT policy_bindings_workflow_id_fkey FOREIGN KEY (organization_id, workflow_id)
    REFERENCES workflows (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT policy_bindings_one_scope CHECK (num_nonnulls(workspace_id, workflow_id) <= 1),
  CONSTRAINT policy_bindings_priority_within_1_to_1000 CHECK (priority BETWEEN 1 AND 1000)
);
-- Nulls are equal here: two bindings of the whole organization are of the same scope.
CREATE UNIQUE INDEX uq_policy_bindings_scope_priority
  ON policy_bindings (organization_id, workspace_id, workflow_id, priority)
  NULLS NOT DISTINCT WHERE deleted_at IS NULL;
CREATE INDEX idx_policy_bindings_organization_id_policy_version_id
  ON policy_bindings (organization_id, policy_version_id);
CREATE INDEX idx_policy_bindings_organization_id_workspace_id
  ON policy_bindings (organization_id, workspace_id);
CREATE INDEX idx_policy_bindings_organization_id_workflow_id
  ON policy_bindings (organization_id, workflow_id);
CREATE TRIGGER record_change BEFORE UPDATE ON policy_bindings
  FOR EACH ROW EXECUTE FUNCTION record_change();
SELECT isolate_tenants('policy_bindings');
GRANT SELECT, INSERT, UPDATE ON policy_bindings TO tidemark_service, tidemark_seeding;

COMMENT ON TABLE policy_bindings IS
  'Which policies apply where: to one workflow, to all of a workspace, or (both null) to all of the organization';
COMMENT ON COLUMN policy_bindings.id IS 'Identifier, without unit';
COMMENT ON COLUMN policy_bindings.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN policy_bindings.policy_version_id IS 'What applies, a policy_versions.id; a new version applies once this is changed to it';
COMMENT ON COLUMN policy_bindings.workspace_id IS 'The workspace whose workflows it applies to, a workspaces.id; null if it is not bound to a workspace';
COMMENT ON COLUMN policy_bindings.workflow_id IS 'The workflow that it applies to, a workflows.id; null if it is not bound to a workflow';
COMMENT ON COLUMN policy_bindings.priority IS 'Order of evaluation, 1 (first) to 1000; unique in the scope among those not deleted';
COMMENT ON COLUMN policy_bindings.enforcement IS 'What happens to a run that breaks the policy, one of policy_enforcement';
COMMENT ON COLUMN policy_bindings.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN policy_bindings.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN policy_bindings.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN policy_bindings.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

GRANT SELECT, INSERT, UPDATE, DELETE ON
  workflows, workflow_versions, workflow_version_models, policies, policy_versions, policy_bindings
  TO tidemark_migration;
