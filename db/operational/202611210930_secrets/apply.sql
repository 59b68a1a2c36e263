-- What functions mean by a name is never a temporary table of their caller.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

CREATE TYPE key_validation_status AS ENUM ('pending', 'valid', 'invalid');
COMMENT ON TYPE key_validation_status IS 'What is known about a provider''s key: nothing yet, that it opens, that it does not';
CREATE TYPE key_validation_outcome AS ENUM ('valid', 'invalid', 'unreachable');
COMMENT ON TYPE key_validation_outcome IS 'What a check of a key showed: it opens, it does not, or the provider gave no answer';
CREATE TYPE connector_installation_status AS ENUM ('active', 'suspended', 'revoked');
COMMENT ON TYPE connector_installation_status IS 'Stages of a connector''s life: in use, stopped for a while, ended';
CREATE TYPE secret_kind AS ENUM ('provider_key', 'connector_config', 'user_email', 'user_mfa_secret', 'billing_email');
COMMENT ON TYPE secret_kind IS 'What kind of thing a secret is: a table and a column hold each kind';
CREATE TYPE rotation_reason AS ENUM ('secret_replaced', 'encryption_key_rotated', 'compromised', 'scheduled');
COMMENT ON TYPE rotation_reason IS 'Why a secret was rotated';

CREATE TABLE provider_types (
  code varchar(50) NOT NULL,
  label varchar(255) NOT NULL,
  description text NOT NULL,
  sort_order integer NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  CONSTRAINT provider_types_pkey PRIMARY KEY (code),
  CONSTRAINT provider_types_code_is_name CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  CONSTRAINT provider_types_label_not_blank CHECK (label ~ '\S')
);
GRANT SELECT ON provider_types TO tidemark_service, tidemark_analytics, tidemark_auditor;
GRANT SELECT, INSERT, UPDATE ON provider_types TO tidemark_seeding;
INSERT INTO provider_types (code, label, description, sort_order) VALUES
  ('openai', 'OpenAI', 'Models of OpenAI, called at OpenAI', 10),
  ('azure_openai', 'Azure OpenAI', 'Models of OpenAI, called at a deployment in Azure', 20),
  ('anthropic', 'Anthropic', 'Models of Anthropic, called at Anthropic', 30),
  ('aws_bedrock', 'Amazon Bedrock', 'Models of several makers, called at AWS', 40),
  ('google_vertex', 'Google Vertex AI', 'Models of several makers, called at Google Cloud', 50),
  ('cohere', 'Cohere', 'Models of Cohere, called at Cohere', 60),
  ('mistral', 'Mistral AI', 'Models of Mistral AI, called at Mistral AI', 70),
  ('openai_compatible', 'OpenAI-compatible server', 'Any server that speaks the API of OpenAI, at an address of one''s own', 80);

COMMENT ON TABLE provider_types IS 'Kinds of providers that an organization can bring keys of; the same for all organizations';
COMMENT ON COLUMN provider_types.code IS 'Name for programs, at most 50 characters';
COMMENT ON COLUMN provider_types.label IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN provider_types.description IS 'What it is, text for people';
COMMENT ON COLUMN provider_types.sort_order IS 'Place in lists, without unit; small ones first';
COMMENT ON COLUMN provider_types.is_active IS 'Whether it can be chosen for a new key';

CREATE TABLE connector_types (
  code varchar(50) NOT NULL,
  label varchar(255) NOT NULL,
  description text NOT NULL,
  sort_order integer NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  CONSTRAINT connector_types_pkey PRIMARY KEY (code),
  CONSTRAINT connector_types_code_is_name CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  CONSTRAINT connector_types_label_not_blank CHECK (label ~ '\S')
);
GRANT SELECT ON connector_types TO tidemark_service, tidemark_analytics, tidemark_auditor;
GRANT SELECT, INSERT, UPDATE ON connector_types TO tidemark_seeding;
INSERT INTO connector_types (code, label, description, sort_order) VALUES
  ('http', 'HTTP', 'Any HTTP API', 10),
  ('postgres', 'Postgres', 'A Postgres database', 20),
  ('slack', 'Slack', 'Channels and messages of a Slack workspace', 30),
  ('github', 'GitHub', 'Repositories, issues and pull requests at GitHub', 40),
  ('jira', 'Jira', 'Projects and issues in Jira', 50),
  ('google_drive', 'Google Drive', 'Files in Google Drive', 60),
  ('email', 'E-mail', 'Mail sent through a server of one''s own', 70);

COMMENT ON TABLE connector_types IS 'Kinds of systems that workflows can be connected to; the same for all organizations';
COMMENT ON COLUMN connector_types.code IS 'Name for programs, at most 50 characters';
COMMENT ON COLUMN connector_types.label IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN connector_types.description IS 'What it is, text for people';
COMMENT ON COLUMN connector_types.sort_order IS 'Place in lists, without unit; small ones first';
COMMENT ON COLUMN connector_types.is_active IS 'Whether it can be chosen for a new installation';

CREATE TABLE provider_keys (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  workspace_id uuid,
  provider_type_code varchar(50) NOT NULL,
  name varchar(255) NOT NULL,
  endpoint_url text,
  key_ciphertext bytea NOT NULL,
  encryption_key_id text NOT NULL,
  key_prefix varchar(16) NOT NULL,
  key_last_four varchar(4) NOT NULL,
  validation_status key_validation_status NOT NULL DEFAULT 'pending',
  validated_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT provider_keys_pkey PRIMARY KEY (id),
  CONSTRAINT provider_keys_organization_id_id_key UNIQUE (organization_id, id),
  CONSTRAINT provider_keys_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT provider_keys_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id)
    REFERENCES workspaces (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT provider_keys_provider_type_code_fkey FOREIGN KEY (provider_type_code)
    REFERENCES provider_types (code) ON DELETE RESTRICT,
  CONSTRAINT provider_keys_name_not_blank CHECK (name ~ '\S'),
  CONSTRAINT provider_keys_endpoint_url_is_https CHECK (
    endpoint_url ~ '^https://[^\s/?#@]+(/[^\s?#]*)?$' AND length(endpoint_url) <= 2000),
  -- What Tink's AEAD writes is never shorter: 5 bytes of prefix, 12 of nonce, 16 of tag.
  CONSTRAINT provider_keys_key_ciphertext_length CHECK (
    octet_length(key_ciphertext) BETWEEN 33 AND 65536),
  CONSTRAINT provider_keys_encryption_key_id_length CHECK (
    length(encryption_key_id) BETWEEN 1 AND 200),
  CONSTRAINT provider_keys_key_last_four_length CHECK (length(key_last_four) = 4),
  CONSTRAINT provider_keys_validated_unless_pending CHECK (
    (validation_status = 'pending') = (validated_at IS NULL))
);
CREATE UNIQUE INDEX uq_provider_keys_organization_id_workspace_id_name
  ON provider_keys (organization_id, workspace_id, name) NULLS NOT DISTINCT
  WHERE deleted_at IS NULL;
CREATE INDEX idx_provider_keys_organization_id_workspace_id
  ON provider_keys (organization_id, workspace_id);
CREATE INDEX idx_provider_keys_provider_type_code ON provider_keys (provider_type_code);
CREATE INDEX idx_provider_keys_encryption_key_id ON provider_keys (encryption_key_id);

COMMENT ON TABLE provider_keys IS
  'Keys of an organization''s own for providers of models. The key itself is held encrypted only';
COMMENT ON COLUMN provider_keys.id IS 'Identifier, without unit';
COMMENT ON COLUMN provider_keys.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN provider_keys.workspace_id IS 'The workspace that may use it, a workspaces.id; null for all of the organization';
COMMENT ON COLUMN provider_keys.provider_type_code IS 'Whose key it is, a provider_types.code';
COMMENT ON COLUMN provider_keys.name IS 'Name for people, text of at most 255 characters; unique in the workspace among those not deleted';
COMMENT ON COLUMN provider_keys.endpoint_url IS 'Where it is used, an https URL of at most 2,000 characters without credentials and parameters; null for the provider''s usual one';
COMMENT ON COLUMN provider_keys.key_ciphertext IS 'The encrypted key, bytes';
COMMENT ON COLUMN provider_keys.encryption_key_id IS 'Which key it is encrypted with, name';
COMMENT ON COLUMN provider_keys.key_prefix IS 'First characters of the key, at most 16, so that people can tell keys apart';
COMMENT ON COLUMN provider_keys.key_last_four IS 'Last four characters of the key, so that people can tell keys apart';
COMMENT ON COLUMN provider_keys.validation_status IS 'Whether it opens anything, one of key_validation_status; pending again once the key is replaced';
COMMENT ON COLUMN provider_keys.validated_at IS 'When that was found out, instant; null while it is pending';
COMMENT ON COLUMN provider_keys.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN provider_keys.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN provider_keys.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN provider_keys.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE connector_installations (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  connector_type_code varchar(50) NOT NULL,
  name varchar(255) NOT NULL,
  status connector_installation_status NOT NULL DEFAULT 'active',
  config_ciphertext bytea NOT NULL,
  encryption_key_id text NOT NULL,
  installed_by_user_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT connector_installations_pkey PRIMARY KEY (id),
  CONSTRAINT connector_installations_organization_id_id_key UNIQUE (organization_id, id),
  CONSTRAINT connector_installations_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id)
    REFERENCES workspaces (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT connector_installations_connector_type_code_fkey FOREIGN KEY (connector_type_code)
    REFERENCES connector_types (code) ON DELETE RESTRICT,
  CONSTRAINT connector_installations_installed_by_user_id_fkey
    FOREIGN KEY (organization_id, installed_by_user_id)
    REFERENCES users (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT connector_installations_name_not_blank CHECK (name ~ '\S'),
  -- What Tink's AEAD writes is never shorter: 5 bytes of prefix, 12 of nonce, 16 of tag.
  CONSTRAINT connector_installations_config_ciphertext_length CHECK (
    octet_length(config_ciphertext) BETWEEN 33 AND 65536),
  CONSTRAINT connector_installations_encryption_key_id_length CHECK (
    length(encryption_key_id) BETWEEN 1 AND 200)
);
CREATE UNIQUE INDEX uq_connector_installations_organization_id_workspace_id_name
  ON connector_installations (organization_id, workspace_id, name) WHERE deleted_at IS NULL;
CREATE INDEX idx_connector_installations_organization_id_workspace_id
  ON connector_installations (organization_id, workspace_id);
CREATE INDEX idx_connector_installations_connector_type_code
  ON connector_installations (connector_type_code);
CREATE INDEX idx_connector_installations_encryption_key_id
  ON connector_installations (encryption_key_id);
CREATE INDEX idx_connector_installations_organization_id_installed_by
  ON connector_installations (organization_id, installed_by_user_id);

COMMENT ON TABLE connector_installations IS
  'Systems that a workspace''s workflows are connected to. Addresses and credentials are held encrypted only';
COMMENT ON COLUMN connector_installations.id IS 'Identifier, without unit';
COMMENT ON COLUMN connector_installations.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN connector_installations.workspace_id IS 'The workspace that may use it, a workspaces.id';
COMMENT ON COLUMN connector_installations.connector_type_code IS 'What it connects to, a connector_types.code';
COMMENT ON COLUMN connector_installations.name IS 'Name for people, text of at most 255 characters; unique in the workspace among those not deleted';
COMMENT ON COLUMN connector_installations.status IS 'Stage of its life, one of connector_installation_status';
COMMENT ON COLUMN connector_installations.config_ciphertext IS 'The encrypted configuration with its credentials, bytes';
COMMENT ON COLUMN connector_installations.encryption_key_id IS 'Which key it is encrypted with, name';
COMMENT ON COLUMN connector_installations.installed_by_user_id IS 'Who installed it, a users.id';
COMMENT ON COLUMN connector_installations.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN connector_installations.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN connector_installations.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN connector_installations.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

-- tidemark:allow foreign-key-without-not-valid, long-statement-under-lock: both tables come with the same release, and are empty
ALTER TABLE tool_calls
  ADD CONSTRAINT tool_calls_connector_installation_id_fkey
  FOREIGN KEY (organization_id, connector_installation_id)
  REFERENCES connector_installations (organization_id, id) ON DELETE RESTRICT;

CREATE TABLE secret_rotation_logs (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  secret_kind secret_kind NOT NULL,
  secret_id uuid NOT NULL,
  old_encryption_key_id text NOT NULL,
  new_encryption_key_id text NOT NULL,
  reason rotation_reason NOT NULL,
  rotated_by_user_id uuid,
  rotated_by_role varchar(63) NOT NULL DEFAULT session_user,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT secret_rotation_logs_pkey PRIMARY KEY (id),
  CONSTRAINT secret_rotation_logs_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT secret_rotation_logs_rotated_by_user_id_fkey
    FOREIGN KEY (organization_id, rotated_by_user_id)
    REFERENCES users (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT secret_rotation_logs_encryption_key_ids_length CHECK (
    length(old_encryption_key_id) BETWEEN 1 AND 200
    AND length(new_encryption_key_id) BETWEEN 1 AND 200),
  CONSTRAINT secret_rotation_logs_rotated_key_changed CHECK (
    reason <> 'encryption_key_rotated' OR old_encryption_key_id <> new_encryption_key_id)
);
CREATE INDEX idx_secret_rotation_logs_organization_id_created_at
  ON secret_rotation_logs (organization_id, created_at);
CREATE INDEX idx_secret_rotation_logs_organization_id_rotated_by_user_id
  ON secret_rotation_logs (organization_id, rotated_by_user_id);
CREATE INDEX idx_secret_rotation_logs_secret_id ON secret_rotation_logs (secret_id);
-- ALWAYS: in replica mode too.
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON secret_rotation_logs
  FOR EACH ROW EXECUTE FUNCTION refuse_change(
    'Who changed which secret must be told for ever.', 'Rotate the secret again; the database writes the row.');
ALTER TABLE secret_rotation_logs ENABLE ALWAYS TRIGGER refuse_change;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON secret_rotation_logs
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE secret_rotation_logs ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('secret_rotation_logs');
GRANT SELECT ON secret_rotation_logs TO tidemark_auditor;
GRANT SELECT, INSERT ON secret_rotation_logs TO tidemark_seeding;

COMMENT ON TABLE secret_rotation_logs IS
  'Every rotation of a secret, written by the database with the change itself. Holds no secret, only the names of keys';
COMMENT ON COLUMN secret_rotation_logs.id IS 'Identifier, without unit';
COMMENT ON COLUMN secret_rotation_logs.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN secret_rotation_logs.secret_kind IS 'What kind of secret it was, one of secret_kind';
COMMENT ON COLUMN secret_rotation_logs.secret_id IS 'Which one, the id of a row of the table that holds the kind; not enforced, so that the log outlives it';
COMMENT ON COLUMN secret_rotation_logs.old_encryption_key_id IS 'Which key it was encrypted with before, name';
COMMENT ON COLUMN secret_rotation_logs.new_encryption_key_id IS 'Which key it is encrypted with since, name; the same if the secret itself was replaced';
COMMENT ON COLUMN secret_rotation_logs.reason IS 'Why, one of rotation_reason';
COMMENT ON COLUMN secret_rotation_logs.rotated_by_user_id IS 'Who did it, a users.id of the organization; null if a command or an operator did';
COMMENT ON COLUMN secret_rotation_logs.rotated_by_role IS 'The database role that was logged in, name of at most 63 characters';
COMMENT ON COLUMN secret_rotation_logs.created_at IS 'When the row was made, instant; never changes';

CREATE FUNCTION log_secret_rotation() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  old_key_id text := to_jsonb(OLD) ->> TG_ARGV[1];
  new_key_id text := to_jsonb(NEW) ->> TG_ARGV[1];
BEGIN
  INSERT INTO secret_rotation_logs (
    organization_id, secret_kind, secret_id, old_encryption_key_id, new_encryption_key_id, reason,
    rotated_by_user_id)
  VALUES (
    -- An organization is its own tenant.
    coalesce((to_jsonb(NEW) ->> 'organization_id')::uuid, NEW.id),
    TG_ARGV[0]::secret_kind, NEW.id, old_key_id, new_key_id,
    coalesce(
      nullif(current_setting('app.rotation_reason', true), ''),
      CASE WHEN new_key_id = old_key_id
        THEN 'secret_replaced' ELSE 'encryption_key_rotated' END)::rotation_reason,
    nullif(current_setting('app.user_id', true), '')::uuid);
  RETURN NULL;
END;
$$;
COMMENT ON FUNCTION log_secret_rotation() IS
  'Writes a row of secret_rotation_logs for a secret of the kind that the first argument names, whose key is named by the column that the second names. The reason is app.rotation_reason or, without it, what can be seen';
REVOKE EXECUTE ON FUNCTION log_secret_rotation() FROM PUBLIC;

CREATE FUNCTION refuse_new_encryption_key_for_old_ciphertext() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: encryption_key_id of % changed and its ciphertext did not', TG_TABLE_NAME, NEW.id
    USING ERRCODE = 'restrict_violation',
      DETAIL = 'The ciphertext opens with the key that made it and with no other.',
      HINT = 'Encrypt again with the new key and change both in one UPDATE.';
END;
$$;
COMMENT ON FUNCTION refuse_new_encryption_key_for_old_ciphertext() IS
  'Refuses to name another key for a ciphertext that stays the same';

CREATE TABLE key_validation_results (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  provider_key_id uuid NOT NULL,
  outcome key_validation_outcome NOT NULL,
  http_status smallint,
  latency_ms integer,
  error_message text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT key_validation_results_pkey PRIMARY KEY (id),
  CONSTRAINT key_validation_results_provider_key_id_fkey
    FOREIGN KEY (organization_id, provider_key_id)
    REFERENCES provider_keys (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT key_validation_results_http_status_known CHECK (http_status BETWEEN 100 AND 599),
  CONSTRAINT key_validation_results_latency_ms_not_negative CHECK (latency_ms >= 0),
  CONSTRAINT key_validation_results_valid_without_error CHECK (
    outcome <> 'valid' OR error_message IS NULL),
  CONSTRAINT key_validation_results_error_message_at_most_10000 CHECK (
    length(error_message) <= 10000)
);
CREATE INDEX idx_key_validation_results_key_created_at
  ON key_validation_results (organization_id, provider_key_id, created_at);

COMMENT ON TABLE key_validation_results IS
  'What each check of a provider''s key showed; the newest one tells whether another is due';
COMMENT ON COLUMN key_validation_results.id IS 'Identifier, without unit';
COMMENT ON COLUMN key_validation_results.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN key_validation_results.provider_key_id IS 'The key that was checked, a provider_keys.id';
COMMENT ON COLUMN key_validation_results.outcome IS 'What the check showed, one of key_validation_outcome';
COMMENT ON COLUMN key_validation_results.http_status IS 'HTTP status code of the provider''s answer, 100 to 599; null if there was none';
COMMENT ON COLUMN key_validation_results.latency_ms IS 'From the question to the answer, milliseconds; null if unknown';
COMMENT ON COLUMN key_validation_results.error_message IS 'What the provider said, text of at most 10,000 characters without the key; null if nothing';
COMMENT ON COLUMN key_validation_results.created_at IS 'When the row was made, instant; never changes';

CREATE FUNCTION check_key_validation() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    -- Under another key it is the same secret, encrypted again.
    IF NEW.key_ciphertext <> OLD.key_ciphertext AND NEW.encryption_key_id = OLD.encryption_key_id THEN
      NEW.validation_status := 'pending';
    END IF;
    IF NEW.validation_status = 'pending' AND OLD.validation_status <> 'pending' THEN
      NEW.validated_at := NULL;
    END IF;
    IF NEW.validation_status = OLD.validation_status THEN
      IF NEW.validated_at IS DISTINCT FROM OLD.validated_at AND pg_trigger_depth() = 1 THEN
        RAISE EXCEPTION 'provider_keys.validated_at cannot be set by hand: key %', NEW.id
          USING ERRCODE = 'restrict_violation',
            DETAIL = 'It is when the check was that the status comes from.',
            HINT = 'Insert a row of key_validation_results; it sets the time.';
      END IF;
      RETURN NEW;
    END IF;
  END IF;
  -- Below the trigger that takes a result is the only place from where it may come.
  IF NEW.validation_status <> 'pending' AND pg_trigger_depth() = 1 THEN
    RAISE EXCEPTION 'provider_keys.validation_status cannot become % by hand: key %', NEW.validation_status, NEW.id
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'Whether a key opens anything is found out by trying, not by saying so.',
        HINT = 'Insert a row of key_validation_results; it sets the status.';
  END IF;
  RETURN NEW;
END;
$$;
COMMENT ON FUNCTION check_key_validation() IS
  'Makes a replaced key pending, forgets when a key that becomes pending was checked, and refuses a validation status or time that does not come from a check';

CREATE FUNCTION take_key_validation_result() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE provider_keys
  SET validation_status = NEW.outcome::text::key_validation_status, validated_at = NEW.created_at
  WHERE organization_id = NEW.organization_id AND id = NEW.provider_key_id;
  RETURN NULL;
END;
$$;
COMMENT ON FUNCTION take_key_validation_result() IS
  'Sets a key''s validation status to what a check showed';

CREATE TRIGGER check_key_validation BEFORE INSERT OR UPDATE ON provider_keys
  FOR EACH ROW EXECUTE FUNCTION check_key_validation();
CREATE TRIGGER record_change BEFORE UPDATE ON provider_keys
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_new_encryption_key_for_old_ciphertext
  BEFORE UPDATE OF encryption_key_id ON provider_keys
  FOR EACH ROW
  WHEN (NEW.encryption_key_id <> OLD.encryption_key_id AND NEW.key_ciphertext = OLD.key_ciphertext)
  EXECUTE FUNCTION refuse_new_encryption_key_for_old_ciphertext();
CREATE TRIGGER log_secret_rotation AFTER UPDATE OF key_ciphertext ON provider_keys
  FOR EACH ROW WHEN (NEW.key_ciphertext <> OLD.key_ciphertext)
  EXECUTE FUNCTION log_secret_rotation('provider_key', 'encryption_key_id');
SELECT isolate_tenants('provider_keys');
GRANT SELECT, INSERT, UPDATE ON provider_keys TO tidemark_service, tidemark_seeding;

CREATE TRIGGER record_change BEFORE UPDATE ON connector_installations
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_new_encryption_key_for_old_ciphertext
  BEFORE UPDATE OF encryption_key_id ON connector_installations
  FOR EACH ROW
  WHEN (NEW.encryption_key_id <> OLD.encryption_key_id AND NEW.config_ciphertext = OLD.config_ciphertext)
  EXECUTE FUNCTION refuse_new_encryption_key_for_old_ciphertext();
CREATE TRIGGER refuse_transition BEFORE UPDATE OF status ON connector_installations
  FOR EACH ROW EXECUTE FUNCTION refuse_transition(
    'active>suspended', 'active>revoked', 'suspended>active', 'suspended>revoked');
CREATE TRIGGER log_secret_rotation AFTER UPDATE OF config_ciphertext ON connector_installations
  FOR EACH ROW WHEN (NEW.config_ciphertext <> OLD.config_ciphertext)
  EXECUTE FUNCTION log_secret_rotation('connector_config', 'encryption_key_id');
SELECT isolate_tenants('connector_installations');
GRANT SELECT, INSERT, UPDATE ON connector_installations TO tidemark_service, tidemark_seeding;

CREATE TRIGGER take_key_validation_result AFTER INSERT ON key_validation_results
  FOR EACH ROW WHEN (NEW.outcome <> 'unreachable')
  EXECUTE FUNCTION take_key_validation_result();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON key_validation_results
  FOR EACH ROW EXECUTE FUNCTION refuse_change(
    'What a check showed stays so.', 'Check the key again and insert the result.');
ALTER TABLE key_validation_results ENABLE ALWAYS TRIGGER refuse_change;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON key_validation_results
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE key_validation_results ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('key_validation_results');
GRANT SELECT, INSERT ON key_validation_results TO tidemark_service, tidemark_seeding;

GRANT SELECT, INSERT, UPDATE, DELETE ON
  provider_types, connector_types, provider_keys, connector_installations, secret_rotation_logs,
  key_validation_results TO tidemark_migration;

-- A first address or its removal is no rotation.
CREATE TRIGGER log_email_rotation AFTER UPDATE OF email_ciphertext ON users
  FOR EACH ROW WHEN (NEW.email_ciphertext <> OLD.email_ciphertext)
  EXECUTE FUNCTION log_secret_rotation('user_email', 'email_key_id');
CREATE TRIGGER log_mfa_secret_rotation AFTER UPDATE OF mfa_secret_ciphertext ON users
  FOR EACH ROW WHEN (NEW.mfa_secret_ciphertext <> OLD.mfa_secret_ciphertext)
  EXECUTE FUNCTION log_secret_rotation('user_mfa_secret', 'mfa_secret_key_id');
CREATE TRIGGER log_billing_email_rotation AFTER UPDATE OF billing_email_ciphertext ON organizations
  FOR EACH ROW WHEN (NEW.billing_email_ciphertext <> OLD.billing_email_ciphertext)
  EXECUTE FUNCTION log_secret_rotation('billing_email', 'billing_email_key_id');
