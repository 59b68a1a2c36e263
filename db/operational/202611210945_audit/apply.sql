-- What functions mean by a name is never a temporary table of their caller.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

CREATE TYPE audit_source AS ENUM ('api', 'ui', 'scheduled', 'migration');
COMMENT ON TYPE audit_source IS 'What a change came through';
CREATE TYPE audit_export_format AS ENUM ('jsonl', 'csv');
COMMENT ON TYPE audit_export_format IS 'How entries are written when they leave: a JSON object a line, or comma-separated values';
CREATE TYPE audit_problem AS ENUM ('edited', 'missing', 'reordered', 'cut', 'added', 'erased');
COMMENT ON TYPE audit_problem IS
  'What breaks a chain: an entry was edited; is missing; lies elsewhere than it was written; is missing at the end; was never written by the database; lost its values before their time';

-- Partitions by month, for every table that has them ------------------------------------------

CREATE FUNCTION guard_month_partition(partition regclass) RETURNS void
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM isolate_tenants(partition);
  -- Triggers of statements do not come with the parent.
  EXECUTE format(
    'CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s'
    ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()',
    partition);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_truncate', partition);
END;
$$;
COMMENT ON FUNCTION guard_month_partition(regclass) IS
  'Gives a partition what it does not have from its parent: isolation of tenants and the refusal of TRUNCATE';
REVOKE EXECUTE ON FUNCTION guard_month_partition(regclass) FROM PUBLIC;

CREATE FUNCTION attach_month_partition(parent regclass, starts_at timestamptz) RETURNS bigint
  LANGUAGE plpgsql SET search_path FROM CURRENT SET timezone = 'UTC' AS $$
DECLARE
  parent_name text := (SELECT relname FROM pg_class WHERE oid = parent);
  partition text := parent_name || '_' || to_char(starts_at, 'YYYYMM');
  leftover text := parent_name || '_default';
  time_column name := (
    SELECT attname FROM pg_partitioned_table
      JOIN pg_attribute ON attrelid = partrelid AND attnum = partattrs[0]
    WHERE partrelid = parent);
  column_list text := (
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
    FROM pg_attribute WHERE attrelid = parent AND attnum > 0 AND NOT attisdropped);
  has_rows boolean;
  guard name;
  moved bigint;
BEGIN
  IF starts_at <> date_trunc('month', starts_at) THEN
    RAISE EXCEPTION 'a partition of % begins with a month, not at %', parent, starts_at
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the first instant of a month, UTC.';
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM ONLY %I WHERE %I >= $1 AND %2$I < $2)', leftover, time_column)
  INTO has_rows USING starts_at, starts_at + interval '1 month';
  -- One at a time. A writer that was on its way to the default partition would be refused when it
  -- gets there: where rows of this time may be coming in, writers wait at the door.
  EXECUTE format(
    'LOCK TABLE ONLY %s IN %s MODE',
    parent,
    CASE WHEN has_rows OR starts_at <= now() THEN 'SHARE ROW EXCLUSIVE' ELSE 'SHARE UPDATE EXCLUSIVE' END);
  EXECUTE format('LOCK TABLE ONLY %I IN SHARE ROW EXCLUSIVE MODE', leftover);
  EXECUTE format(
    'CREATE TABLE %I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS)',
    partition, parent);
  EXECUTE format(
    'COMMENT ON TABLE %I IS %L',
    partition, format('Rows of %s of the month from %s, UTC', parent_name, starts_at::date));

  -- A row that moves is deleted here and inserted there; the lock keeps everybody else out meanwhile.
  FOR guard IN
    SELECT tgname FROM pg_trigger
    WHERE tgrelid = leftover::regclass AND tgname IN ('refuse_change', 'refuse_audit_change')
  LOOP
    EXECUTE format('ALTER TABLE %I DISABLE TRIGGER %I', leftover, guard);
  END LOOP;
  EXECUTE format(
    'WITH moved AS (DELETE FROM %I WHERE %I >= $1 AND %2$I < $2 RETURNING *) '
    'INSERT INTO %I (%s) SELECT %4$s FROM moved',
    leftover, time_column, partition, column_list)
  USING starts_at, starts_at + interval '1 month';
  GET DIAGNOSTICS moved = ROW_COUNT;
  FOR guard IN
    SELECT tgname FROM pg_trigger
    WHERE tgrelid = leftover::regclass AND tgname IN ('refuse_change', 'refuse_audit_change')
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', leftover, guard);
  END LOOP;

  EXECUTE format(
    'ALTER TABLE %s ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    parent, partition, starts_at, starts_at + interval '1 month');
  PERFORM guard_month_partition(partition::regclass);
  RETURN moved;
END;
$$;
COMMENT ON FUNCTION attach_month_partition(regclass, timestamptz) IS
  'Makes the partition of one month, UTC, moves the rows of its time out of the default partition, and returns how many moved. One transaction';
REVOKE EXECUTE ON FUNCTION attach_month_partition(regclass, timestamptz) FROM PUBLIC;

CREATE FUNCTION create_month_partitions(
  parent regclass, ahead interval, behind interval DEFAULT '0') RETURNS SETOF text
  LANGUAGE plpgsql SET search_path FROM CURRENT SET timezone = 'UTC' AS $$
DECLARE
  parent_name text := (SELECT relname FROM pg_class WHERE oid = parent);
  starts_at timestamptz := date_trunc('month', now() - behind);
  partition text;
BEGIN
  EXECUTE format('LOCK TABLE ONLY %s IN SHARE UPDATE EXCLUSIVE MODE', parent);
  WHILE starts_at <= now() + ahead LOOP
    partition := parent_name || '_' || to_char(starts_at, 'YYYYMM');
    IF to_regclass(quote_ident(partition)) IS NULL THEN
      PERFORM attach_month_partition(parent, starts_at);
      RETURN NEXT partition;
    END IF;
    starts_at := starts_at + interval '1 month';
  END LOOP;
END;
$$;
COMMENT ON FUNCTION create_month_partitions(regclass, interval, interval) IS
  'Makes the monthly partitions, UTC, of a table that are missing from now - behind to now + ahead, and returns their names';
REVOKE EXECUTE ON FUNCTION create_month_partitions(regclass, interval, interval) FROM PUBLIC;

-- Settings -------------------------------------------------------------------------------------

CREATE TABLE audit_settings (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  retention interval NOT NULL DEFAULT '24 months',
  values_recorded boolean NOT NULL DEFAULT true,
  ip_addresses_recorded boolean NOT NULL DEFAULT true,
  export_destination text,
  export_format audit_export_format,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT audit_settings_pkey PRIMARY KEY (id),
  CONSTRAINT audit_settings_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT audit_settings_retention_90_days_to_10_years CHECK (
    retention BETWEEN '90 days' AND '10 years'),
  CONSTRAINT audit_settings_export_whole CHECK (
    (export_destination IS NULL) = (export_format IS NULL)),
  CONSTRAINT audit_settings_export_destination_without_secrets CHECK (
    export_destination ~ '^(s3|gs|abfss|https)://[^\s?#@]+$' AND length(export_destination) <= 2000)
);
CREATE UNIQUE INDEX uq_audit_settings_organization_id ON audit_settings (organization_id)
  WHERE deleted_at IS NULL;
CREATE INDEX idx_audit_settings_organization_id ON audit_settings (organization_id);
CREATE TRIGGER record_change BEFORE UPDATE ON audit_settings
  FOR EACH ROW EXECUTE FUNCTION record_change();
SELECT isolate_tenants('audit_settings');

COMMENT ON TABLE audit_settings IS 'How an organization''s audit log is kept, at most one row each; without one the defaults hold';
COMMENT ON COLUMN audit_settings.id IS 'Identifier, without unit';
COMMENT ON COLUMN audit_settings.organization_id IS 'The tenant, an organizations.id';
COMMENT ON COLUMN audit_settings.retention IS 'How long an entry is kept, interval from 90 days to 10 years; entries that were written before keep what held then';
COMMENT ON COLUMN audit_settings.values_recorded IS 'Whether entries hold the values before and after, true or false; entries about this table always do';
COMMENT ON COLUMN audit_settings.ip_addresses_recorded IS 'Whether entries hold where a change came from, true or false';
COMMENT ON COLUMN audit_settings.export_destination IS 'Where entries are exported to, URL without user, password or parameters; null if nowhere';
COMMENT ON COLUMN audit_settings.export_format IS 'How exported entries are written, one of audit_export_format; null where export_destination is';
COMMENT ON COLUMN audit_settings.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN audit_settings.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN audit_settings.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN audit_settings.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

-- The log --------------------------------------------------------------------------------------

CREATE TABLE audit_chain_heads (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid,
  last_sequence bigint NOT NULL,
  last_hash bytea NOT NULL,
  last_occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT audit_chain_heads_pkey PRIMARY KEY (id),
  CONSTRAINT audit_chain_heads_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT audit_chain_heads_last_sequence_not_negative CHECK (last_sequence >= 0),
  CONSTRAINT audit_chain_heads_last_hash_length CHECK (octet_length(last_hash) = 32)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX uq_audit_chain_heads_organization_id ON audit_chain_heads (organization_id)
  NULLS NOT DISTINCT;
CREATE TRIGGER keep_head BEFORE UPDATE ON audit_chain_heads
  FOR EACH ROW WHEN (NEW.last_sequence <> OLD.last_sequence + 1)
  EXECUTE FUNCTION keep_value(
    'the head of a chain', 'It goes on by one with each entry.', 'Leave it to the functions that write entries.');
ALTER TABLE audit_chain_heads ENABLE ALWAYS TRIGGER keep_head;
CREATE TRIGGER refuse_delete BEFORE DELETE ON audit_chain_heads
  FOR EACH ROW EXECUTE FUNCTION refuse_delete(
    'Without its head nobody could tell that the end of a chain was cut off.', 'Leave it.');
ALTER TABLE audit_chain_heads ENABLE ALWAYS TRIGGER refuse_delete;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit_chain_heads
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE audit_chain_heads ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('audit_chain_heads');

COMMENT ON TABLE audit_chain_heads IS
  'Where the chain of each organization ends. Writers of one organization queue at its row, and nowhere else';
COMMENT ON COLUMN audit_chain_heads.id IS 'Identifier, without unit';
COMMENT ON COLUMN audit_chain_heads.organization_id IS 'The tenant, an organizations.id; null for the chain of what belongs to no organization';
COMMENT ON COLUMN audit_chain_heads.last_sequence IS 'The last entry''s place in the chain, number counted from 1; 0 before the first';
COMMENT ON COLUMN audit_chain_heads.last_hash IS 'The last entry''s entry_hash, 32 bytes; zeros before the first';
COMMENT ON COLUMN audit_chain_heads.last_occurred_at IS 'The last entry''s occurred_at, instant';
COMMENT ON COLUMN audit_chain_heads.created_at IS 'When the row was made, instant; never changes';

CREATE TABLE audit_checkpoints (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid,
  sequence bigint NOT NULL,
  entry_hash bytea NOT NULL,
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT audit_checkpoints_pkey PRIMARY KEY (id),
  CONSTRAINT audit_checkpoints_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT audit_checkpoints_sequence_positive CHECK (sequence > 0),
  CONSTRAINT audit_checkpoints_entry_hash_length CHECK (octet_length(entry_hash) = 32)
);
CREATE UNIQUE INDEX uq_audit_checkpoints_organization_id_sequence
  ON audit_checkpoints (organization_id, sequence) NULLS NOT DISTINCT;
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON audit_checkpoints
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_checkpoints ENABLE ALWAYS TRIGGER refuse_change;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE audit_checkpoints ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('audit_checkpoints');

COMMENT ON TABLE audit_checkpoints IS
  'The last entry of each chain that left with a retired month, so that the rest can still be verified';
COMMENT ON COLUMN audit_checkpoints.id IS 'Identifier, without unit';
COMMENT ON COLUMN audit_checkpoints.organization_id IS 'The tenant, an organizations.id; null for the chain of what belongs to no organization';
COMMENT ON COLUMN audit_checkpoints.sequence IS 'The entry''s place in its chain, number counted from 1';
COMMENT ON COLUMN audit_checkpoints.entry_hash IS 'The entry''s entry_hash, 32 bytes';
COMMENT ON COLUMN audit_checkpoints.occurred_at IS 'The entry''s occurred_at, instant';
COMMENT ON COLUMN audit_checkpoints.created_at IS 'When the row was made, instant; never changes';

CREATE TABLE audit_log_entries (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid,
  sequence bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  user_id uuid,
  api_key_id uuid,
  database_role varchar(63) NOT NULL,
  source audit_source NOT NULL,
  action varchar(128) NOT NULL,
  resource_type varchar(63) NOT NULL,
  resource_id uuid,
  old_values jsonb,
  new_values jsonb,
  values_salt bytea,
  values_digest bytea NOT NULL,
  values_erased_at timestamptz,
  ip_address inet,
  ip_address_salt bytea,
  ip_address_digest bytea NOT NULL,
  ip_address_erased_at timestamptz,
  request_id varchar(255),
  retain_until timestamptz NOT NULL,
  previous_hash bytea NOT NULL,
  entry_hash bytea NOT NULL,
  CONSTRAINT audit_log_entries_pkey PRIMARY KEY (id, occurred_at),
  CONSTRAINT audit_log_entries_sequence_positive CHECK (sequence > 0),
  CONSTRAINT audit_log_entries_action_thing_and_verb CHECK (action ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'),
  CONSTRAINT audit_log_entries_hashes_length CHECK (
    octet_length(values_digest) = 32 AND octet_length(ip_address_digest) = 32
    AND octet_length(previous_hash) = 32 AND octet_length(entry_hash) = 32),
  CONSTRAINT audit_log_entries_values_erased_whole CHECK (
    (values_salt IS NULL) = (values_erased_at IS NOT NULL)
    AND (values_erased_at IS NULL OR num_nonnulls(old_values, new_values) = 0)),
  CONSTRAINT audit_log_entries_ip_address_erased_whole CHECK (
    (ip_address_salt IS NULL) = (ip_address_erased_at IS NOT NULL)
    AND (ip_address_erased_at IS NULL OR ip_address IS NULL))
) PARTITION BY RANGE (occurred_at);
-- In a chain times grow with the sequence, so that this is its order too, and a page needs few partitions.
CREATE INDEX idx_audit_log_entries_organization_id_occurred_at
  ON audit_log_entries (organization_id, occurred_at);
CREATE INDEX idx_audit_log_entries_organization_id_resource
  ON audit_log_entries (organization_id, resource_type, resource_id, occurred_at);
CREATE INDEX idx_audit_log_entries_organization_id_user_id
  ON audit_log_entries (organization_id, user_id, occurred_at);
CREATE INDEX idx_audit_log_entries_retain_until ON audit_log_entries (retain_until);

COMMENT ON TABLE audit_log_entries IS
  'What was done to sensitive rows, by whom and through what. Append-only; each organization''s entries form a chain of hashes. Entries without organization are about what belongs to none, and no tenant sees them';
COMMENT ON COLUMN audit_log_entries.id IS 'Identifier, without unit';
COMMENT ON COLUMN audit_log_entries.organization_id IS 'The tenant, an organizations.id; null for what belongs to no organization';
COMMENT ON COLUMN audit_log_entries.sequence IS 'Place in the chain of its organization, number counted from 1 without gaps';
COMMENT ON COLUMN audit_log_entries.occurred_at IS 'When it was written, instant; later than every entry before it in the chain';
COMMENT ON COLUMN audit_log_entries.user_id IS 'Who did it, a users.id, from app.user_id; null if no user was named';
COMMENT ON COLUMN audit_log_entries.api_key_id IS 'The key that it was done with, an api_keys.id, from app.api_key_id; null if none was named';
COMMENT ON COLUMN audit_log_entries.database_role IS 'The database role that did it, name';
COMMENT ON COLUMN audit_log_entries.source IS 'What it came through, one of audit_source, from app.source';
COMMENT ON COLUMN audit_log_entries.action IS 'What was done, thing.verb such as api_keys.update';
COMMENT ON COLUMN audit_log_entries.resource_type IS 'What it was done to, name of a table or of another kind of thing';
COMMENT ON COLUMN audit_log_entries.resource_id IS 'Which one, identifier; null if it has none';
COMMENT ON COLUMN audit_log_entries.old_values IS 'Values before, a JSON object of columns; of an update only what changed; secret ones are ***; null if there were none, they are not recorded, or are erased';
COMMENT ON COLUMN audit_log_entries.new_values IS 'Values after, in the same form';
COMMENT ON COLUMN audit_log_entries.values_salt IS 'Random bytes that values_digest begins with, 16 bytes; goes with the values, so that the digest does not give them away';
COMMENT ON COLUMN audit_log_entries.values_digest IS 'SHA-256 of values_salt and the values, 32 bytes; part of the chain, so that the values may go and the chain stays whole';
COMMENT ON COLUMN audit_log_entries.values_erased_at IS 'When the values were erased, instant; null while they are there';
COMMENT ON COLUMN audit_log_entries.ip_address IS 'Where it was done from, address, from app.ip_address; null if unknown, not recorded, or erased';
COMMENT ON COLUMN audit_log_entries.ip_address_salt IS 'Random bytes that ip_address_digest begins with, 16 bytes; goes with the address';
COMMENT ON COLUMN audit_log_entries.ip_address_digest IS 'SHA-256 of ip_address_salt and the address, 32 bytes; part of the chain';
COMMENT ON COLUMN audit_log_entries.ip_address_erased_at IS 'When the address was erased, instant; null while it is there';
COMMENT ON COLUMN audit_log_entries.request_id IS 'The request that did it, the sender''s name of it, from app.request_id; null if unknown';
COMMENT ON COLUMN audit_log_entries.retain_until IS 'Until when the entry is kept, instant; by the audit_settings that held when it was written';
COMMENT ON COLUMN audit_log_entries.previous_hash IS 'entry_hash of the entry before it in the chain, 32 bytes; zeros for the first';
COMMENT ON COLUMN audit_log_entries.entry_hash IS 'SHA-256 of what audit_canonical_text gives for the entry, 32 bytes';

CREATE FUNCTION audit_instant_text(instant timestamptz) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
COMMENT ON FUNCTION audit_instant_text(timestamptz) IS 'An instant in ISO 8601, UTC, to the microsecond, whatever the session''s time zone';

CREATE FUNCTION audit_values_digest(salt bytea, before jsonb, after jsonb) RETURNS bytea
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN sha256(salt || convert_to(json_build_array(before, after)::text, 'UTF8'));
COMMENT ON FUNCTION audit_values_digest(bytea, jsonb, jsonb) IS
  'The values_digest that an entry must have, 32 bytes: SHA-256 of the salt and a JSON array of the values before and after';

CREATE FUNCTION audit_address_digest(salt bytea, address inet) RETURNS bytea
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN sha256(salt || convert_to(json_build_array(text(address))::text, 'UTF8'));
COMMENT ON FUNCTION audit_address_digest(bytea, inet) IS
  'The ip_address_digest that an entry must have, 32 bytes: SHA-256 of the salt and a JSON array of the address with its mask';

CREATE FUNCTION audit_canonical_text(entry audit_log_entries) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN json_build_array(
    'tidemark-audit-1', entry.organization_id, entry.sequence, encode(entry.previous_hash, 'hex'), entry.id,
    audit_instant_text(entry.occurred_at), entry.user_id, entry.api_key_id, entry.database_role, entry.source,
    entry.action, entry.resource_type, entry.resource_id, encode(entry.values_digest, 'hex'),
    encode(entry.ip_address_digest, 'hex'), entry.request_id, audit_instant_text(entry.retain_until))::text;
COMMENT ON FUNCTION audit_canonical_text(audit_log_entries) IS
  'The text that entry_hash is the SHA-256 of, in UTF-8: a JSON array with a space after each comma, letters beyond ASCII as they are, hashes in hexadecimal, times as audit_instant_text. Whoever exports the log can compute it again';

CREATE FUNCTION audit_entry_hash(entry audit_log_entries) RETURNS bytea
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN sha256(convert_to(audit_canonical_text(entry), 'UTF8'));
COMMENT ON FUNCTION audit_entry_hash(audit_log_entries) IS 'The entry_hash that an entry must have, 32 bytes';

CREATE FUNCTION audit_erasure_is_written(
  organization uuid, erased_type text, erased_id uuid, after_sequence bigint) RETURNS boolean
  LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT EXISTS (
    SELECT FROM audit_log_entries AS e
    WHERE e.organization_id = organization AND e.resource_type = erased_type AND e.resource_id = erased_id
      AND e.sequence > after_sequence AND e.action = erased_type || '.erase_audit_values');
END;
COMMENT ON FUNCTION audit_erasure_is_written(uuid, text, uuid, bigint) IS
  'Whether the log says that the values of one row were erased, in an entry after a sequence';

CREATE FUNCTION refuse_audit_change() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  erasable CONSTANT text[] := '{old_values,new_values,values_salt,values_erased_at,ip_address,ip_address_salt,ip_address_erased_at}';
  values_go boolean;
  address_goes boolean;
BEGIN
  -- The one change there is: values or address go, for good, when they are due.
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - erasable = to_jsonb(OLD) - erasable THEN
    values_go := (NEW.old_values, NEW.new_values, NEW.values_salt, NEW.values_erased_at)
      IS DISTINCT FROM (OLD.old_values, OLD.new_values, OLD.values_salt, OLD.values_erased_at);
    address_goes := (NEW.ip_address, NEW.ip_address_salt, NEW.ip_address_erased_at)
      IS DISTINCT FROM (OLD.ip_address, OLD.ip_address_salt, OLD.ip_address_erased_at);
    IF (NOT values_go OR OLD.values_erased_at IS NULL AND NEW.values_erased_at = now()
        AND (OLD.retain_until <= now()
          OR audit_erasure_is_written(OLD.organization_id, OLD.resource_type, OLD.resource_id, OLD.sequence)))
      AND (NOT address_goes OR OLD.ip_address_erased_at IS NULL AND NEW.ip_address_erased_at = now()
        AND (OLD.retain_until <= now()
          OR audit_erasure_is_written(OLD.organization_id, 'users', OLD.user_id, OLD.sequence)))
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'audit_log_entries is append-only: % of row % is refused', TG_OP, OLD.id
    USING ERRCODE = 'restrict_violation',
      DETAIL = 'What was done stays written, and a chain of hashes shows every change to it.',
      HINT = 'Values leave with erase_expired_audit_values and erase_audit_values_of, entries with the month that they are in.';
END;
$$;
COMMENT ON FUNCTION refuse_audit_change() IS 'Refuses every UPDATE and DELETE of an audit entry but the erasure of its values or its address';
CREATE TRIGGER refuse_audit_change BEFORE UPDATE OR DELETE ON audit_log_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
ALTER TABLE audit_log_entries ENABLE ALWAYS TRIGGER refuse_audit_change;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit_log_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE audit_log_entries ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('audit_log_entries');

CREATE TABLE audit_log_entries_default (
  LIKE audit_log_entries INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS);
ALTER TABLE audit_log_entries ATTACH PARTITION audit_log_entries_default DEFAULT;
COMMENT ON TABLE audit_log_entries_default IS
  'Audit entries whose time has no partition, so that no change is refused for want of one';
SELECT guard_month_partition('audit_log_entries_default');
SELECT create_month_partitions('audit_log_entries', ahead => '3 months');

-- Writing --------------------------------------------------------------------------------------

CREATE FUNCTION audit_redacted(content jsonb, secrets text[]) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN CASE jsonb_typeof(content)
    WHEN 'object' THEN (
      SELECT coalesce(jsonb_object_agg(key, CASE
          WHEN jsonb_typeof(value) = 'null' THEN value
          WHEN key = ANY (secrets) THEN '"***"'
          -- Whether there is a secret, and what is told about one, is none.
          WHEN jsonb_typeof(value) = 'boolean'
            OR name ~ '_(ids?|prefix|names?|types?|algorithm|count|limit|at)$' THEN audit_redacted(value, secrets)
          WHEN name ~ '(^|_)(ciphertexts?|hash(es)?|hmacs?|salts?|secrets?|passwords?|passwd|passphrases?|credentials?|authorization|(access|secret|signing|encryption|private|api)_?keys?)(_|$)'
            OR name ~ '(^|_)token$' THEN '"***"'
          -- Numbers of tokens are counts.
          WHEN name ~ '(^|_)tokens?(_|$)' AND jsonb_path_exists(value, '$.** ? (@.type() == "string")') THEN '"***"'
          ELSE audit_redacted(value, secrets) END), '{}')
      FROM jsonb_each(content),
        -- clientSecret, AWSSecretKey and X-Api-Key in snake case.
        LATERAL (SELECT lower(regexp_replace(regexp_replace(regexp_replace(
          key, '([a-z0-9])([A-Z])', '\1_\2', 'g'), '([A-Z])([A-Z][a-z])', '\1_\2', 'g'), '[^[:alnum:]]+', '_', 'g'))
        ) AS snake_case (name))
    WHEN 'array' THEN (
      SELECT coalesce(jsonb_agg(audit_redacted(value, secrets) ORDER BY place), '[]')
      FROM jsonb_array_elements(content) WITH ORDINALITY AS part (value, place))
    WHEN 'string' THEN CASE WHEN octet_length(content #>> '{}') <= 4000
      -- User and password of a URL.
      THEN to_jsonb(regexp_replace(content #>> '{}', '://([^/\s]*:[^/\s]*|[^/?#\s]*)@', '://***@', 'g'))
      ELSE to_jsonb(format('%s bytes, SHA-256 %s', octet_length(content #>> '{}'),
        encode(sha256(convert_to(content #>> '{}', 'UTF8')), 'hex'))) END
    ELSE content END;
END;
$$;
COMMENT ON FUNCTION audit_redacted(jsonb, text[]) IS
  'Values as the log may hold them, at every depth: *** in place of what is named secret or is named as secrets are, and of user and password in URLs; a digest in place of texts over 4000 bytes. Argument: further names of secrets';

CREATE FUNCTION append_audit_entry(
  organization uuid, entry_action text, entry_resource_type text, entry_resource_id uuid, before jsonb,
  after jsonb) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  settings audit_settings;
  head audit_chain_heads;
  entry audit_log_entries;
BEGIN
  SELECT * INTO settings FROM audit_settings
  WHERE organization_id = organization AND deleted_at IS NULL;

  LOOP
    IF organization IS NULL THEN
      SELECT * INTO head FROM audit_chain_heads WHERE organization_id IS NULL FOR NO KEY UPDATE;
    ELSE
      SELECT * INTO head FROM audit_chain_heads WHERE organization_id = organization FOR NO KEY UPDATE;
    END IF;
    EXIT WHEN FOUND;
    INSERT INTO audit_chain_heads (organization_id, last_sequence, last_hash, last_occurred_at)
    VALUES (organization, 0, decode(repeat('00', 32), 'hex'), '-infinity')
    ON CONFLICT (organization_id) DO NOTHING;
  END LOOP;

  entry.id := gen_random_uuid();
  entry.organization_id := organization;
  entry.sequence := head.last_sequence + 1;
  entry.occurred_at := greatest(clock_timestamp(), head.last_occurred_at + interval '1 microsecond');
  entry.user_id := nullif(current_setting('app.user_id', true), '')::uuid;
  entry.api_key_id := nullif(current_setting('app.api_key_id', true), '')::uuid;
  entry.database_role := coalesce(nullif(current_setting('role'), 'none'), session_user);
  -- Whoever changes rows without a word about it is at work on the database itself.
  entry.source := coalesce(nullif(current_setting('app.source', true), ''), 'migration');
  entry.action := entry_action;
  entry.resource_type := entry_resource_type;
  entry.resource_id := entry_resource_id;
  -- Whoever turns the values off, and on again, is seen to do so.
  IF coalesce(settings.values_recorded, true) OR entry_resource_type = 'audit_settings' THEN
    entry.old_values := before;
    entry.new_values := after;
  END IF;
  entry.values_salt := uuid_send(gen_random_uuid());
  entry.values_digest := audit_values_digest(entry.values_salt, entry.old_values, entry.new_values);
  IF coalesce(settings.ip_addresses_recorded, true) THEN
    entry.ip_address := nullif(current_setting('app.ip_address', true), '')::inet;
  END IF;
  entry.ip_address_salt := uuid_send(gen_random_uuid());
  entry.ip_address_digest := audit_address_digest(entry.ip_address_salt, entry.ip_address);
  entry.request_id := nullif(current_setting('app.request_id', true), '');
  entry.retain_until := entry.occurred_at + coalesce(settings.retention, interval '24 months');
  entry.previous_hash := head.last_hash;
  entry.entry_hash := audit_entry_hash(entry);

  INSERT INTO audit_log_entries VALUES (entry.*);
  UPDATE audit_chain_heads SET
    last_sequence = entry.sequence, last_hash = entry.entry_hash, last_occurred_at = entry.occurred_at
  WHERE id = head.id;
  RETURN entry.sequence;
END;
$$;
COMMENT ON FUNCTION append_audit_entry(uuid, text, text, uuid, jsonb, jsonb) IS
  'Writes the next entry of an organization''s chain and returns its sequence; who and whence come from the settings app.*. For triggers and functions of the database only';
REVOKE EXECUTE ON FUNCTION append_audit_entry(uuid, text, text, uuid, jsonb, jsonb) FROM PUBLIC;

CREATE FUNCTION audit_change() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  bookkeeping CONSTANT text[] := '{created_at,updated_at,version,last_used_at,last_login_at,last_seen_at}';
  secrets text[] := TG_ARGV;
  subject jsonb;
  before jsonb;
  after jsonb;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    subject := to_jsonb(OLD);
    before := subject - bookkeeping;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    subject := to_jsonb(NEW);
    after := subject - bookkeeping;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    SELECT
      jsonb_object_agg(key, was) FILTER (WHERE was IS DISTINCT FROM is_now),
      jsonb_object_agg(key, is_now) FILTER (WHERE was IS DISTINCT FROM is_now)
    INTO before, after
    FROM jsonb_each(before) AS b (key, was) JOIN jsonb_each(after) AS a (key, is_now) USING (key);
    IF after IS NULL THEN
      RETURN NULL;
    END IF;
  ELSE
    before := jsonb_strip_nulls(before);
    after := jsonb_strip_nulls(after);
  END IF;
  PERFORM append_audit_entry(
    (subject ->> CASE TG_TABLE_NAME WHEN 'organizations' THEN 'id' ELSE 'organization_id' END)::uuid,
    TG_TABLE_NAME || '.' || CASE
      WHEN TG_OP = 'INSERT' THEN 'create'
      WHEN TG_OP = 'DELETE' THEN 'delete'
      WHEN after -> 'deleted_at' = 'null' THEN 'restore'
      WHEN after ? 'deleted_at' THEN 'delete'
      WHEN after ? 'revoked_at' THEN 'revoke'
      ELSE 'update' END,
    TG_TABLE_NAME,
    (subject ->> 'id')::uuid,
    audit_redacted(before, secrets),
    audit_redacted(after, secrets));
  RETURN NULL;
END;
$$;
COMMENT ON FUNCTION audit_change() IS
  'Writes what happened to a row into the audit log. Arguments: columns whose values are secret. Writes nothing when only times of last use change';
REVOKE EXECUTE ON FUNCTION audit_change() FROM PUBLIC;

CREATE FUNCTION audit_changes_of(
  audited regclass, events text DEFAULT 'INSERT OR UPDATE OR DELETE') RETURNS void
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  secrets text := (
    SELECT coalesce(string_agg(quote_literal(attname), ', ' ORDER BY attnum), '')
    FROM pg_attribute
    WHERE attrelid = audited AND attnum > 0 AND NOT attisdropped
      AND atttypid = 'bytea'::regtype AND attname NOT LIKE '%\_digest');
BEGIN
  -- Deferred, so that the head of the chain is locked only while the transaction commits: writers
  -- of one organization neither wait long for each other nor meet in a deadlock over other rows.
  EXECUTE format(
    'CREATE CONSTRAINT TRIGGER audit_change AFTER %s ON %s DEFERRABLE INITIALLY DEFERRED'
    ' FOR EACH ROW EXECUTE FUNCTION audit_change(%s)',
    events, audited, secrets);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER audit_change', audited);
END;
$$;
COMMENT ON FUNCTION audit_changes_of(regclass, text) IS
  'Has every change of a table''s rows written into the audit log when its transaction commits. Columns of bytes that are no digests are taken for secrets. Second argument: the events, as CREATE TRIGGER writes them';
REVOKE EXECUTE ON FUNCTION audit_changes_of(regclass, text) FROM PUBLIC;

CREATE TABLE audit_events (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  action varchar(128) NOT NULL,
  resource_type varchar(63) NOT NULL,
  resource_id uuid,
  details jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT audit_events_pkey PRIMARY KEY (id),
  CONSTRAINT audit_events_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT audit_events_action_thing_and_verb CHECK (action ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$')
);
CREATE INDEX idx_audit_events_organization_id ON audit_events (organization_id);
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
SELECT isolate_tenants('audit_events');

COMMENT ON TABLE audit_events IS
  'What record_audit_event was told, until the same transaction commits and writes it into the log: no row outlives its transaction';
COMMENT ON COLUMN audit_events.id IS 'Identifier, without unit';
COMMENT ON COLUMN audit_events.organization_id IS 'The tenant, an organizations.id';
COMMENT ON COLUMN audit_events.action IS 'What was done, thing.verb such as runs.start';
COMMENT ON COLUMN audit_events.resource_type IS 'What it was done to, name of a table or of another kind of thing';
COMMENT ON COLUMN audit_events.resource_id IS 'Which one, identifier; null if it has none';
COMMENT ON COLUMN audit_events.details IS 'More about it, JSON; secret values are ***; null if there is no more';
COMMENT ON COLUMN audit_events.created_at IS 'When the row was made, instant; never changes';

CREATE FUNCTION write_audit_event() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM append_audit_entry(
    NEW.organization_id, NEW.action, NEW.resource_type, NEW.resource_id, NULL, NEW.details);
  DELETE FROM audit_events WHERE id = NEW.id;
  RETURN NULL;
END;
$$;
COMMENT ON FUNCTION write_audit_event() IS 'Moves an event into the audit log';
REVOKE EXECUTE ON FUNCTION write_audit_event() FROM PUBLIC;
-- Deferred as audit_change is, for the same reason.
CREATE CONSTRAINT TRIGGER write_audit_event AFTER INSERT ON audit_events
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION write_audit_event();
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER write_audit_event;

CREATE FUNCTION record_audit_event(
  event_action text, event_resource_type text, event_resource_id uuid DEFAULT NULL, details jsonb DEFAULT NULL)
  RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  IF current_organization_id() IS NULL THEN
    RAISE EXCEPTION 'an audit event needs a tenant, and app.organization_id is not set'
      USING ERRCODE = 'invalid_parameter_value',
        HINT = 'SET LOCAL app.organization_id to the organization that the event belongs to.';
  END IF;
  IF split_part(event_action, '.', 2) IN ('create', 'update', 'delete', 'restore', 'revoke', 'erase_audit_values') THEN
    RAISE EXCEPTION 'the audit event % is written by the database itself', event_action
      USING ERRCODE = 'invalid_parameter_value',
        DETAIL = 'An entry of this name says that a row was changed, and only the change itself may say so.',
        HINT = 'Name what was done by another verb, such as runs.start.';
  END IF;
  INSERT INTO audit_events (organization_id, action, resource_type, resource_id, details)
  VALUES (
    current_organization_id(), event_action, event_resource_type, event_resource_id, audit_redacted(details, '{}'));
END;
$$;
COMMENT ON FUNCTION record_audit_event(text, text, uuid, jsonb) IS
  'Writes an event that changes no sensitive row, such as runs.start or audit_log.export, into the audit log of the session''s tenant when the transaction commits';
REVOKE EXECUTE ON FUNCTION record_audit_event(text, text, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_audit_event(text, text, uuid, jsonb) TO tidemark_service;

-- Erasing --------------------------------------------------------------------------------------

CREATE FUNCTION erase_expired_audit_values(maximum integer DEFAULT 10000) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  erased bigint;
BEGIN
  WITH expired AS (
    SELECT id, occurred_at FROM audit_log_entries
    WHERE retain_until <= now() AND (values_erased_at IS NULL OR ip_address_erased_at IS NULL)
    LIMIT maximum
  )
  UPDATE audit_log_entries AS e SET
    old_values = NULL, new_values = NULL, values_salt = NULL, values_erased_at = coalesce(values_erased_at, now()),
    ip_address = NULL, ip_address_salt = NULL, ip_address_erased_at = coalesce(ip_address_erased_at, now())
  FROM expired WHERE e.id = expired.id AND e.occurred_at = expired.occurred_at;
  GET DIAGNOSTICS erased = ROW_COUNT;
  RETURN erased;
END;
$$;
COMMENT ON FUNCTION erase_expired_audit_values(integer) IS
  'Erases values and addresses of entries whose retain_until has passed, at most so many, and returns of how many. The chain stays whole';
REVOKE EXECUTE ON FUNCTION erase_expired_audit_values(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_expired_audit_values(integer) TO tidemark_migration;

CREATE FUNCTION erase_audit_values_of(organization uuid, erased_type text, erased_id uuid) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  erased bigint;
  addresses bigint := 0;
BEGIN
  PERFORM append_audit_entry(
    organization, erased_type || '.erase_audit_values', erased_type, erased_id, NULL, NULL);
  UPDATE audit_log_entries SET
    old_values = NULL, new_values = NULL, values_salt = NULL, values_erased_at = now()
  WHERE organization_id = organization AND resource_type = erased_type AND resource_id = erased_id
    AND values_erased_at IS NULL AND action <> erased_type || '.erase_audit_values';
  GET DIAGNOSTICS erased = ROW_COUNT;
  IF erased_type = 'users' THEN
    UPDATE audit_log_entries SET ip_address = NULL, ip_address_salt = NULL, ip_address_erased_at = now()
    WHERE organization_id = organization AND user_id = erased_id AND ip_address_erased_at IS NULL
      AND action <> 'users.erase_audit_values';
    GET DIAGNOSTICS addresses = ROW_COUNT;
  END IF;
  RETURN erased + addresses;
END;
$$;
COMMENT ON FUNCTION erase_audit_values_of(uuid, text, uuid) IS
  'Erases what the log holds of one row of an organization: the values of its entries and, of a user, the addresses that the user came from. Writes an entry that says so first; returns how many values and addresses went';
REVOKE EXECUTE ON FUNCTION erase_audit_values_of(uuid, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_audit_values_of(uuid, text, uuid) TO tidemark_migration;

-- Verifying and exporting ----------------------------------------------------------------------

CREATE FUNCTION verify_audit_chain(organization uuid, through bigint DEFAULT NULL)
  RETURNS TABLE (broken_sequence bigint, problem audit_problem, explanation text)
  LANGUAGE plpgsql STABLE SET search_path FROM CURRENT SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  head_sequence bigint;
  head_hash bytea;
  start_sequence bigint;
  start_hash bytea;
  broken record;
BEGIN
  SELECT last_sequence, last_hash INTO head_sequence, head_hash FROM audit_chain_heads
  WHERE organization_id = organization OR organization IS NULL AND organization_id IS NULL;
  head_sequence := coalesce(head_sequence, 0);
  SELECT c.sequence, c.entry_hash INTO start_sequence, start_hash FROM audit_checkpoints AS c
  WHERE c.organization_id = organization OR organization IS NULL AND c.organization_id IS NULL
  ORDER BY c.sequence DESC LIMIT 1;
  start_sequence := coalesce(start_sequence, 0);
  start_hash := coalesce(start_hash, decode(repeat('00', 32), 'hex'));

  FOR broken IN
    WITH entries AS (
      SELECT e AS entry, e.sequence, e.entry_hash, e.previous_hash,
        lag(e.sequence, 1, start_sequence) OVER chain AS sequence_before,
        lag(e.entry_hash, 1, start_hash) OVER chain AS hash_before,
        lead(e.sequence) OVER chain IS NULL AS is_last
      FROM audit_log_entries AS e
      WHERE (e.organization_id = organization OR organization IS NULL AND e.organization_id IS NULL)
        AND e.sequence > start_sequence AND (through IS NULL OR e.sequence <= through)
      WINDOW chain AS (ORDER BY e.sequence, e.occurred_at, e.id)
    ), findings AS MATERIALIZED (
      SELECT *,
        entry_hash <> audit_entry_hash(entry)
          OR (entry).values_salt IS NOT NULL AND (entry).values_digest <> audit_values_digest(
            (entry).values_salt, (entry).old_values, (entry).new_values)
          OR (entry).ip_address_salt IS NOT NULL AND (entry).ip_address_digest <> audit_address_digest(
            (entry).ip_address_salt, (entry).ip_address)
          OR is_last AND through IS NULL AND sequence = head_sequence AND entry_hash <> head_hash AS is_edited,
        ((entry).values_erased_at < (entry).retain_until AND NOT audit_erasure_is_written(
            organization, (entry).resource_type, (entry).resource_id, sequence))
          OR ((entry).ip_address_erased_at < (entry).retain_until AND NOT audit_erasure_is_written(
            organization, 'users', (entry).user_id, sequence)) AS is_erased
      FROM entries
    )
    SELECT * FROM findings
    WHERE sequence <> sequence_before + 1 OR previous_hash <> hash_before OR is_edited OR is_erased
      OR sequence > head_sequence
    ORDER BY sequence, (entry).occurred_at LIMIT 1
  LOOP
    IF broken.sequence > head_sequence AND broken.sequence = broken.sequence_before + 1
      AND broken.sequence_before = head_sequence THEN
      RETURN QUERY SELECT broken.sequence, 'added'::audit_problem, format(
        'the chain ends with entry %s, and entry %s lies behind it', head_sequence, broken.sequence);
    ELSIF broken.sequence > broken.sequence_before + 1 THEN
      RETURN QUERY SELECT broken.sequence_before + 1, 'missing'::audit_problem, format(
        'after entry %s comes entry %s', broken.sequence_before, broken.sequence);
    ELSIF broken.sequence = broken.sequence_before THEN
      RETURN QUERY SELECT broken.sequence, 'added'::audit_problem, format(
        'there are two entries %s', broken.sequence);
    ELSIF broken.previous_hash <> broken.hash_before AND EXISTS (
      SELECT FROM audit_log_entries AS e
      WHERE (e.organization_id = organization OR organization IS NULL AND e.organization_id IS NULL)
        AND e.entry_hash = broken.previous_hash) THEN
      RETURN QUERY SELECT broken.sequence, 'reordered'::audit_problem, format(
        'entry %s continues another entry than entry %s', broken.sequence, broken.sequence_before);
    ELSIF broken.is_edited THEN
      RETURN QUERY SELECT broken.sequence, 'edited'::audit_problem, format(
        'entry %s is not what its hash was made of', broken.sequence);
    ELSIF broken.previous_hash <> broken.hash_before AND broken.sequence_before > start_sequence THEN
      RETURN QUERY SELECT broken.sequence_before, 'edited'::audit_problem, format(
        'entry %s is not the one that entry %s continues', broken.sequence_before, broken.sequence);
    ELSIF broken.previous_hash <> broken.hash_before THEN
      RETURN QUERY SELECT broken.sequence, 'edited'::audit_problem, format(
        'entry %s does not continue what was before it', broken.sequence);
    ELSE
      RETURN QUERY SELECT broken.sequence, 'erased'::audit_problem, format(
        'entry %s lost its values or its address before its time, and no entry says why', broken.sequence);
    END IF;
    RETURN;
  END LOOP;

  IF through IS NULL THEN
    RETURN QUERY
      SELECT coalesce(max(e.sequence), start_sequence) + 1, 'cut'::audit_problem, format(
        'the chain ends with entry %s, and its head says %s', coalesce(max(e.sequence), start_sequence), head_sequence)
      FROM audit_log_entries AS e
      WHERE (e.organization_id = organization OR organization IS NULL AND e.organization_id IS NULL)
        AND e.sequence > start_sequence
      HAVING coalesce(max(e.sequence), start_sequence) < head_sequence;
  END IF;
END;
$$;
COMMENT ON FUNCTION verify_audit_chain(uuid, bigint) IS
  'The first place where an organization''s chain is broken, and why: one row, or none if it is whole. A null organization means the chain of what belongs to none. Second argument: the last sequence to look at, in place of all up to the head';

CREATE FUNCTION verify_audit_chains()
  RETURNS TABLE (organization_id uuid, broken_sequence bigint, problem audit_problem, explanation text)
  LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT chain.organization_id, broken.*
  FROM (
      SELECT h.organization_id FROM audit_chain_heads AS h
      UNION SELECT o.id FROM organizations AS o
      UNION SELECT NULL) AS chain,
    verify_audit_chain(chain.organization_id) AS broken
  ORDER BY chain.organization_id;
END;
COMMENT ON FUNCTION verify_audit_chains() IS
  'verify_audit_chain of every chain that the caller sees: one row for each that is broken, none if all are whole';

CREATE FUNCTION export_audit_log(organization uuid, since timestamptz, until timestamptz)
  RETURNS SETOF audit_log_entries
  LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT * FROM audit_log_entries AS e
  WHERE e.organization_id = organization AND e.occurred_at >= since AND e.occurred_at < until
  ORDER BY e.occurred_at;
END;
COMMENT ON FUNCTION export_audit_log(uuid, timestamptz, timestamptz) IS
  'The entries of an organization from since to before until, in the order of the chain, with all that is needed to verify them elsewhere';

CREATE FUNCTION checkpoint_audit_partition(partition regclass) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  kept timestamptz;
  broken record;
  checkpoints bigint;
BEGIN
  EXECUTE format('SELECT max(retain_until) FROM ONLY %s', partition) INTO kept;
  IF kept > now() THEN
    RAISE EXCEPTION '% holds an entry that is to be kept until %', partition, kept
      USING ERRCODE = 'restrict_violation', HINT = 'Retire it after that.';
  END IF;
  FOR broken IN EXECUTE format(
    'SELECT last.organization_id, last.sequence, v.explanation'
    ' FROM (SELECT organization_id, max(sequence) AS sequence FROM ONLY %s GROUP BY organization_id) AS last,'
    '   verify_audit_chain(last.organization_id, last.sequence) AS v LIMIT 1', partition)
  LOOP
    RAISE EXCEPTION '% holds a part of the chain of organization % that cannot be verified: %',
        partition, coalesce(broken.organization_id::text, '(none)'), broken.explanation
      USING ERRCODE = 'restrict_violation',
        DETAIL = 'Either somebody tampered with the log, and this is the evidence, or an older month is still there.',
        HINT = 'Look at what verify_audit_chains() says.';
  END LOOP;
  EXECUTE format(
    'INSERT INTO audit_checkpoints (organization_id, sequence, entry_hash, occurred_at)'
    ' SELECT DISTINCT ON (organization_id) organization_id, sequence, entry_hash, occurred_at FROM ONLY %s'
    ' ORDER BY organization_id, sequence DESC', partition);
  GET DIAGNOSTICS checkpoints = ROW_COUNT;
  RETURN checkpoints;
END;
$$;
COMMENT ON FUNCTION checkpoint_audit_partition(regclass) IS
  'To be called in the transaction that detaches a month: notes where each chain goes on after it, and returns how many. Refuses a month that holds an entry which is to be kept, or a chain that is broken';
REVOKE EXECUTE ON FUNCTION checkpoint_audit_partition(regclass) FROM PUBLIC;

-- What is sensitive ----------------------------------------------------------------------------

SELECT audit_changes_of(sensitive::regclass)
FROM unnest(ARRAY[
  'organizations', 'workspaces', 'environments', 'workspace_settings', 'budgets',
  'users', 'permissions', 'roles', 'role_permissions', 'role_bindings', 'api_keys',
  'models', 'model_versions', 'model_deployments', 'model_prices',
  'workflows', 'workflow_versions', 'policies', 'policy_versions', 'policy_bindings',
  'approval_requests', 'approval_decisions', 'provider_keys', 'connector_installations', 'audit_settings']) AS sensitive;
SELECT audit_changes_of('sessions', events => 'UPDATE OF revoked_at, deleted_at OR DELETE');

GRANT SELECT ON audit_log_entries, audit_chain_heads, audit_checkpoints TO
  tidemark_auditor, tidemark_migration, tidemark_seeding;
GRANT SELECT, INSERT, UPDATE ON audit_settings TO tidemark_service, tidemark_seeding;
GRANT SELECT ON audit_settings TO tidemark_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_settings TO tidemark_migration;
