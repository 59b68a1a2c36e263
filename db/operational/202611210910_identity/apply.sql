CREATE TYPE user_kind AS ENUM ('person', 'service_account');
CREATE TYPE user_role AS ENUM ('owner', 'admin', 'member', 'viewer', 'api');
CREATE TYPE api_key_status AS ENUM ('active', 'suspended', 'revoked');

CREATE TABLE users (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  kind user_kind NOT NULL DEFAULT 'person',
  email_hmac bytea,
  email_ciphertext bytea,
  full_name varchar(255) NOT NULL,
  role user_role NOT NULL DEFAULT 'member',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT users_email_hmac_length CHECK (octet_length(email_hmac) = 32),
  CONSTRAINT users_email_whole CHECK ((email_hmac IS NULL) = (email_ciphertext IS NULL)),
  CONSTRAINT users_person_has_email CHECK (kind <> 'person' OR email_hmac IS NOT NULL)
);
CREATE UNIQUE INDEX uq_users_organization_id_email_hmac ON users (organization_id, email_hmac)
  WHERE deleted_at IS NULL;
CREATE INDEX idx_users_organization_id ON users (organization_id);
CREATE TRIGGER record_change BEFORE UPDATE ON users
  FOR EACH ROW EXECUTE FUNCTION record_change();

COMMENT ON TABLE users IS 'People and service accounts of an organization. E-mail addresses are never held in plain text';
COMMENT ON COLUMN users.id IS 'Identifier, without unit';
COMMENT ON COLUMN users.organization_id IS 'The organization, an organizations.id';
COMMENT ON COLUMN users.kind IS 'Person or service account, one of user_kind';
COMMENT ON COLUMN users.email_hmac IS 'HMAC-SHA256 of the address in small letters, 32 bytes; for look-up. Null for service accounts without one';
COMMENT ON COLUMN users.email_ciphertext IS 'The encrypted address, bytes; for sending mail. Null for service accounts without one';
COMMENT ON COLUMN users.full_name IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN users.role IS 'What the user may do in the organization, one of user_role';
COMMENT ON COLUMN users.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN users.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN users.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN users.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE api_keys (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  user_id uuid,
  name varchar(255) NOT NULL,
  key_prefix varchar(16) NOT NULL,
  key_hash bytea NOT NULL,
  scopes text[] NOT NULL DEFAULT '{}',
  status api_key_status NOT NULL DEFAULT 'active',
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT api_keys_pkey PRIMARY KEY (id),
  CONSTRAINT api_keys_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
  CONSTRAINT api_keys_key_hash_length CHECK (octet_length(key_hash) = 32)
);
CREATE UNIQUE INDEX uq_api_keys_key_hash ON api_keys (key_hash);
CREATE INDEX idx_api_keys_organization_id ON api_keys (organization_id);
CREATE INDEX idx_api_keys_user_id ON api_keys (user_id);
CREATE TRIGGER record_change BEFORE UPDATE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION record_change();

COMMENT ON TABLE api_keys IS 'Keys that programs call with. Only a hash of the key is held';
COMMENT ON COLUMN api_keys.id IS 'Identifier, without unit';
COMMENT ON COLUMN api_keys.organization_id IS 'The organization that pays, an organizations.id';
COMMENT ON COLUMN api_keys.user_id IS 'The user that the key acts for, a users.id; null if for the organization itself';
COMMENT ON COLUMN api_keys.name IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN api_keys.key_prefix IS 'First characters of the key, at most 16, so that people can tell keys apart';
COMMENT ON COLUMN api_keys.key_hash IS 'SHA-256 of the key, 32 bytes';
COMMENT ON COLUMN api_keys.scopes IS 'What the key may be used for, list of names; empty for nothing';
COMMENT ON COLUMN api_keys.status IS 'Whether the key opens anything, one of api_key_status';
COMMENT ON COLUMN api_keys.expires_at IS 'When it stops to work, instant; null for never';
COMMENT ON COLUMN api_keys.last_used_at IS 'When it was last used, instant; null if never';
COMMENT ON COLUMN api_keys.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN api_keys.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN api_keys.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN api_keys.version IS 'Number of the row''s state, counted from 1; for optimistic locking';
