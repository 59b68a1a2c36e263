CREATE TYPE user_kind AS ENUM ('person', 'service_account');
COMMENT ON TYPE user_kind IS 'What acts: a person or a program';
CREATE TYPE user_role AS ENUM ('owner', 'admin', 'member', 'viewer', 'api');
COMMENT ON TYPE user_role IS 'What a user is to the organization; what it may do in detail is in role_bindings';
CREATE TYPE api_key_status AS ENUM ('active', 'suspended', 'revoked');
COMMENT ON TYPE api_key_status IS 'Whether a key opens anything; revoked is for ever';

CREATE TABLE users (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  kind user_kind NOT NULL DEFAULT 'person',
  email_hmac bytea,
  email_ciphertext bytea,
  email_key_id varchar(255),
  full_name varchar(255) NOT NULL,
  role user_role NOT NULL DEFAULT 'member',
  oidc_issuer text,
  oidc_subject varchar(255),
  is_verified boolean NOT NULL DEFAULT false,
  mfa_enabled boolean NOT NULL DEFAULT false,
  mfa_secret_ciphertext bytea,
  mfa_secret_key_id varchar(255),
  last_login_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_organization_id_id_key UNIQUE (organization_id, id),
  CONSTRAINT users_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT users_email_hmac_length CHECK (octet_length(email_hmac) = 32),
  CONSTRAINT users_email_whole CHECK (num_nulls(email_hmac, email_ciphertext, email_key_id) IN (0, 3)),
  CONSTRAINT users_person_has_email CHECK (
    kind <> 'person' OR email_hmac IS NOT NULL OR deleted_at IS NOT NULL),
  CONSTRAINT users_full_name_not_blank CHECK (full_name ~ '\S'),
  CONSTRAINT users_oidc_whole CHECK ((oidc_issuer IS NULL) = (oidc_subject IS NULL)),
  CONSTRAINT users_oidc_issuer_length CHECK (length(oidc_issuer) <= 2000),
  CONSTRAINT users_mfa_secret_has_key CHECK (
    (mfa_secret_ciphertext IS NULL) = (mfa_secret_key_id IS NULL))
);
CREATE UNIQUE INDEX uq_users_organization_id_email_hmac ON users (organization_id, email_hmac)
  WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_users_organization_id_oidc_issuer_oidc_subject
  ON users (organization_id, oidc_issuer, oidc_subject) WHERE deleted_at IS NULL;
CREATE INDEX idx_users_organization_id_created_at ON users (organization_id, created_at);
CREATE TRIGGER record_change BEFORE UPDATE ON users
  FOR EACH ROW EXECUTE FUNCTION record_change();
SELECT isolate_tenants('users');

COMMENT ON TABLE users IS 'People and service accounts of an organization. E-mail addresses are never held in plain text';
COMMENT ON COLUMN users.id IS 'Identifier, without unit';
COMMENT ON COLUMN users.organization_id IS 'The tenant, an organizations.id';
COMMENT ON COLUMN users.kind IS 'Person or service account, one of user_kind';
COMMENT ON COLUMN users.email_hmac IS 'HMAC-SHA256 of the address in small letters, 32 bytes; for look-up. Null for service accounts without one and after erasure';
COMMENT ON COLUMN users.email_ciphertext IS 'The encrypted address, bytes; for sending mail. Null where email_hmac is';
COMMENT ON COLUMN users.email_key_id IS 'Key that email_ciphertext is encrypted with, name; null where email_hmac is';
COMMENT ON COLUMN users.full_name IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN users.role IS 'What the user is to the organization, one of user_role';
COMMENT ON COLUMN users.oidc_issuer IS 'Who vouches for oidc_subject, URL; null for who does not log in through OIDC';
COMMENT ON COLUMN users.oidc_subject IS 'The issuer''s name of the user, text of at most 255 characters; null where oidc_issuer is';
COMMENT ON COLUMN users.is_verified IS 'Whether the address was shown to be the user''s, true or false';
COMMENT ON COLUMN users.mfa_enabled IS 'Whether a second factor is asked for, true or false';
COMMENT ON COLUMN users.mfa_secret_ciphertext IS 'The encrypted secret of the second factor, bytes; null if there is none here';
COMMENT ON COLUMN users.mfa_secret_key_id IS 'Key that mfa_secret_ciphertext is encrypted with, name; null where that is';
COMMENT ON COLUMN users.last_login_at IS 'When the user last logged in, instant; null if never';
COMMENT ON COLUMN users.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN users.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN users.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN users.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE permissions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name varchar(100) NOT NULL,
  description text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT permissions_pkey PRIMARY KEY (id),
  CONSTRAINT permissions_name_thing_and_action CHECK (name ~ '^[a-z_]+:[a-z_]+$')
);
CREATE UNIQUE INDEX uq_permissions_name ON permissions (name) WHERE deleted_at IS NULL;
CREATE TRIGGER record_change BEFORE UPDATE ON permissions
  FOR EACH ROW EXECUTE FUNCTION record_change();

COMMENT ON TABLE permissions IS 'Things that may be allowed; the same for all organizations';
COMMENT ON COLUMN permissions.id IS 'Identifier, without unit';
COMMENT ON COLUMN permissions.name IS 'What it allows, thing:action in small letters';
COMMENT ON COLUMN permissions.description IS 'What it means, text';
COMMENT ON COLUMN permissions.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN permissions.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN permissions.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN permissions.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE roles (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name varchar(50) NOT NULL,
  label varchar(255) NOT NULL,
  description text NOT NULL,
  sort_order integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT roles_pkey PRIMARY KEY (id),
  CONSTRAINT roles_name_one_word CHECK (name ~ '^[A-Za-z]+$')
);
CREATE UNIQUE INDEX uq_roles_name ON roles (name) WHERE deleted_at IS NULL;
CREATE TRIGGER record_change BEFORE UPDATE ON roles
  FOR EACH ROW EXECUTE FUNCTION record_change();

COMMENT ON TABLE roles IS 'Bundles of permissions; the same for all organizations';
COMMENT ON COLUMN roles.id IS 'Identifier, without unit';
COMMENT ON COLUMN roles.name IS 'Name for programs, one word of at most 50 letters';
COMMENT ON COLUMN roles.label IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN roles.description IS 'What it is for, text';
COMMENT ON COLUMN roles.sort_order IS 'Place in lists, number counted from 1';
COMMENT ON COLUMN roles.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN roles.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN roles.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN roles.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE role_permissions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  role_id uuid NOT NULL,
  permission_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT role_permissions_pkey PRIMARY KEY (id),
  CONSTRAINT role_permissions_role_id_fkey FOREIGN KEY (role_id)
    REFERENCES roles (id) ON DELETE RESTRICT,
  CONSTRAINT role_permissions_permission_id_fkey FOREIGN KEY (permission_id)
    REFERENCES permissions (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX uq_role_permissions_role_id_permission_id
  ON role_permissions (role_id, permission_id) WHERE deleted_at IS NULL;
CREATE INDEX idx_role_permissions_role_id ON role_permissions (role_id);
CREATE INDEX idx_role_permissions_permission_id ON role_permissions (permission_id);
CREATE TRIGGER record_change BEFORE UPDATE ON role_permissions
  FOR EACH ROW EXECUTE FUNCTION record_change();

COMMENT ON TABLE role_permissions IS 'Which role allows what';
COMMENT ON COLUMN role_permissions.id IS 'Identifier, without unit';
COMMENT ON COLUMN role_permissions.role_id IS 'The role, a roles.id';
COMMENT ON COLUMN role_permissions.permission_id IS 'The permission, a permissions.id';
COMMENT ON COLUMN role_permissions.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN role_permissions.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN role_permissions.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN role_permissions.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

-- Built-in ids follow from the names, so that they are the same in every database.
INSERT INTO permissions (id, name, description)
SELECT md5('permission ' || name)::uuid, name, description
FROM (VALUES
  ('organization:read', 'See the organization, its plan and its settings'),
  ('organization:update', 'Change the organization''s settings'),
  ('workspace:read', 'See workspaces, environments and their settings'),
  ('workspace:update', 'Make and change workspaces, environments and their settings'),
  ('budget:read', 'See budgets'),
  ('budget:update', 'Make and change budgets'),
  ('user:read', 'See users and what they may do'),
  ('user:update', 'Invite, change and remove users, and bind roles'),
  ('api_key:read', 'See API keys, without the keys themselves'),
  ('api_key:update', 'Make, suspend and revoke API keys'),
  ('workflow:read', 'See workflows and their versions'),
  ('workflow:update', 'Make workflows and publish versions'),
  ('policy:read', 'See policies and where they are bound'),
  ('policy:update', 'Make policies, publish versions and bind them'),
  ('run:read', 'See runs, their steps and tool calls'),
  ('run:create', 'Start runs'),
  ('run:cancel', 'Stop runs'),
  ('approval:read', 'See requests for approval'),
  ('approval:decide', 'Approve and reject'),
  ('connector:read', 'See installed connectors, without their secrets'),
  ('connector:update', 'Install, configure and remove connectors'),
  ('provider_key:read', 'See provider keys, without the keys themselves'),
  ('provider_key:update', 'Enter, rotate and remove provider keys'),
  ('usage:read', 'See usage and what it costs'),
  ('audit:read', 'See the audit log'),
  ('audit:export', 'Take the audit log out')) AS permission (name, description);

INSERT INTO roles (id, name, label, description, sort_order)
SELECT md5('role ' || name)::uuid, name, label, description, sort_order
FROM (VALUES
  ('WorkspaceAdmin', 'Workspace administrator', 'Everything but the audit log''s export', 1),
  ('Operator', 'Operator', 'Runs workflows and looks after them', 2),
  ('Approver', 'Approver', 'Decides what runs wait for', 3),
  ('Auditor', 'Auditor', 'Sees everything and changes nothing', 4),
  ('IntegrationAdmin', 'Integration administrator', 'Looks after connectors, provider keys and API keys', 5))
  AS role (name, label, description, sort_order);

INSERT INTO role_permissions (id, role_id, permission_id)
SELECT md5('role permission ' || r.name || ' ' || p.name)::uuid, r.id, p.id
FROM roles AS r JOIN permissions AS p ON CASE r.name
  WHEN 'WorkspaceAdmin' THEN p.name <> 'audit:export'
  WHEN 'Operator' THEN p.name IN (
    'workspace:read', 'workflow:read', 'policy:read', 'run:read', 'run:create', 'run:cancel', 'approval:read',
    'usage:read')
  WHEN 'Approver' THEN p.name IN (
    'workspace:read', 'workflow:read', 'policy:read', 'run:read', 'approval:read', 'approval:decide')
  WHEN 'Auditor' THEN p.name LIKE '%:read' OR p.name = 'audit:export'
  WHEN 'IntegrationAdmin' THEN p.name IN (
    'workspace:read', 'connector:read', 'connector:update', 'provider_key:read', 'provider_key:update',
    'api_key:read', 'api_key:update')
END;

CREATE TABLE role_bindings (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role_id uuid NOT NULL,
  workspace_id uuid,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT role_bindings_pkey PRIMARY KEY (id),
  CONSTRAINT role_bindings_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT role_bindings_user_id_fkey FOREIGN KEY (organization_id, user_id)
    REFERENCES users (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT role_bindings_role_id_fkey FOREIGN KEY (role_id)
    REFERENCES roles (id) ON DELETE RESTRICT,
  CONSTRAINT role_bindings_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id)
    REFERENCES workspaces (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT role_bindings_expires_after_creation CHECK (expires_at > created_at)
);
CREATE UNIQUE INDEX uq_role_bindings_organization_id_user_id_role_id_workspace_id
  ON role_bindings (organization_id, user_id, role_id, workspace_id) NULLS NOT DISTINCT
  WHERE deleted_at IS NULL;
CREATE INDEX idx_role_bindings_organization_id_user_id ON role_bindings (organization_id, user_id);
CREATE INDEX idx_role_bindings_role_id ON role_bindings (role_id);
CREATE INDEX idx_role_bindings_organization_id_workspace_id
  ON role_bindings (organization_id, workspace_id);
CREATE TRIGGER record_change BEFORE UPDATE ON role_bindings
  FOR EACH ROW EXECUTE FUNCTION record_change();
SELECT isolate_tenants('role_bindings');

COMMENT ON TABLE role_bindings IS 'Which user has which role, in one workspace or in all';
COMMENT ON COLUMN role_bindings.id IS 'Identifier, without unit';
COMMENT ON COLUMN role_bindings.organization_id IS 'The tenant, an organizations.id';
COMMENT ON COLUMN role_bindings.user_id IS 'The user, a users.id of the same organization';
COMMENT ON COLUMN role_bindings.role_id IS 'The role, a roles.id';
COMMENT ON COLUMN role_bindings.workspace_id IS 'The workspace, a workspaces.id of the same organization; null for all of them';
COMMENT ON COLUMN role_bindings.expires_at IS 'When it ends, instant; null for never';
COMMENT ON COLUMN role_bindings.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN role_bindings.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN role_bindings.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN role_bindings.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE api_keys (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  workspace_id uuid,
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
  CONSTRAINT api_keys_organization_id_id_key UNIQUE (organization_id, id),
  CONSTRAINT api_keys_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT api_keys_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id)
    REFERENCES workspaces (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (organization_id, user_id)
    REFERENCES users (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT api_keys_name_not_blank CHECK (name ~ '\S'),
  CONSTRAINT api_keys_key_hash_length CHECK (octet_length(key_hash) = 32),
  CONSTRAINT api_keys_scopes_named CHECK (
    array_position(scopes, NULL) IS NULL AND array_position(scopes, '') IS NULL),
  CONSTRAINT api_keys_expires_after_creation CHECK (expires_at > created_at)
);
-- Deleted keys too: a key is never given out twice.
CREATE UNIQUE INDEX uq_api_keys_key_hash ON api_keys (key_hash);
CREATE INDEX idx_api_keys_organization_id_created_at ON api_keys (organization_id, created_at);
CREATE INDEX idx_api_keys_organization_id_user_id ON api_keys (organization_id, user_id);
CREATE INDEX idx_api_keys_organization_id_workspace_id ON api_keys (organization_id, workspace_id);
CREATE TRIGGER record_change BEFORE UPDATE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_transition BEFORE UPDATE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION refuse_transition(
    'active>suspended', 'active>revoked', 'suspended>active', 'suspended>revoked');
CREATE TRIGGER keep_key BEFORE UPDATE ON api_keys
  FOR EACH ROW WHEN ((OLD.key_hash, OLD.key_prefix) IS DISTINCT FROM (NEW.key_hash, NEW.key_prefix))
  EXECUTE FUNCTION keep_value(
    'the key',
    'The usage and the audit log of a key must not pass to another.',
    'Make a new key and revoke this one.');
SELECT isolate_tenants('api_keys');

COMMENT ON TABLE api_keys IS 'Keys that programs call with. Only a hash of the key is held';
COMMENT ON COLUMN api_keys.id IS 'Identifier, without unit';
COMMENT ON COLUMN api_keys.organization_id IS 'The tenant, an organizations.id';
COMMENT ON COLUMN api_keys.workspace_id IS 'The workspace that the key works in, a workspaces.id of the same organization; null for any';
COMMENT ON COLUMN api_keys.user_id IS 'The user that the key acts for, a users.id of the same organization; null if for the organization itself';
COMMENT ON COLUMN api_keys.name IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN api_keys.key_prefix IS 'First characters of the key, at most 16, so that people can tell keys apart; never changes';
COMMENT ON COLUMN api_keys.key_hash IS 'SHA-256 of the key, 32 bytes; never changes';
COMMENT ON COLUMN api_keys.scopes IS 'What the key may be used for, list of names; empty for nothing';
COMMENT ON COLUMN api_keys.status IS 'Whether the key opens anything, one of api_key_status';
COMMENT ON COLUMN api_keys.expires_at IS 'When it stops to work, instant; null for never';
COMMENT ON COLUMN api_keys.last_used_at IS 'When it was last used, instant; null if never';
COMMENT ON COLUMN api_keys.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN api_keys.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN api_keys.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN api_keys.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE sessions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  user_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  oidc_session_id varchar(255),
  expires_at timestamptz NOT NULL,
  last_seen_at timestamptz,
  revoked_at timestamptz,
  revocation_reason varchar(255),
  ip_address inet,
  user_agent varchar(500),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT sessions_pkey PRIMARY KEY (id),
  CONSTRAINT sessions_organization_id_fkey FOREIGN KEY (organization_id)
    REFERENCES organizations (id) ON DELETE RESTRICT,
  CONSTRAINT sessions_user_id_fkey FOREIGN KEY (organization_id, user_id)
    REFERENCES users (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT sessions_token_hash_length CHECK (octet_length(token_hash) = 32),
  CONSTRAINT sessions_expires_after_creation CHECK (expires_at > created_at),
  CONSTRAINT sessions_reason_only_if_revoked CHECK (revocation_reason IS NULL OR revoked_at IS NOT NULL)
);
CREATE UNIQUE INDEX uq_sessions_token_hash ON sessions (token_hash);
CREATE INDEX idx_sessions_organization_id_user_id ON sessions (organization_id, user_id);
CREATE INDEX idx_sessions_expires_at ON sessions (expires_at);
CREATE TRIGGER record_change BEFORE UPDATE ON sessions
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER keep_revocation BEFORE UPDATE ON sessions
  FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL AND OLD.revoked_at IS DISTINCT FROM NEW.revoked_at)
  EXECUTE FUNCTION keep_value(
    'revoked_at', 'A session that was revoked never opens anything again.', 'Have the user log in again.');
CREATE TRIGGER keep_token BEFORE UPDATE ON sessions
  FOR EACH ROW WHEN (OLD.token_hash IS DISTINCT FROM NEW.token_hash)
  EXECUTE FUNCTION keep_value(
    'token_hash', 'What a session did must not pass to another token.', 'Make a new session.');
CREATE TRIGGER keep_user BEFORE UPDATE ON sessions
  FOR EACH ROW WHEN (OLD.user_id IS DISTINCT FROM NEW.user_id)
  EXECUTE FUNCTION keep_value(
    'user_id', 'Whoever has the token would become another user.', 'Have the other user log in.');
SELECT isolate_tenants('sessions');

COMMENT ON TABLE sessions IS 'Logins of users, which can be revoked. Only a hash of the token is held';
COMMENT ON COLUMN sessions.id IS 'Identifier, without unit';
COMMENT ON COLUMN sessions.organization_id IS 'The tenant, an organizations.id';
COMMENT ON COLUMN sessions.user_id IS 'The user, a users.id of the same organization; never changes';
COMMENT ON COLUMN sessions.token_hash IS 'SHA-256 of the token, 32 bytes; never changes';
COMMENT ON COLUMN sessions.oidc_session_id IS 'The issuer''s name of the session, text of at most 255 characters; null without OIDC';
COMMENT ON COLUMN sessions.expires_at IS 'When it ends by itself, instant';
COMMENT ON COLUMN sessions.last_seen_at IS 'When it was last used, instant; null if never';
COMMENT ON COLUMN sessions.revoked_at IS 'When it was ended before its time, instant; null if it was not; never changes once set';
COMMENT ON COLUMN sessions.revocation_reason IS 'Why it was ended, text of at most 255 characters; null if nobody said';
COMMENT ON COLUMN sessions.ip_address IS 'Where the login came from, address; null if unknown';
COMMENT ON COLUMN sessions.user_agent IS 'What program logged in, as it called itself, text of at most 500 characters; null if unknown';
COMMENT ON COLUMN sessions.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN sessions.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN sessions.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN sessions.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE FUNCTION authenticate_api_key(key_hash bytea)
  RETURNS TABLE (
    api_key_id uuid, organization_id uuid, workspace_id uuid, user_id uuid, scopes text[])
  LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  SELECT k.id, k.organization_id, k.workspace_id, k.user_id, k.scopes
  FROM api_keys AS k
    JOIN organizations AS o ON o.id = k.organization_id
    -- By the identifier alone, which the foreign key ties to the organization: with both columns the
    -- planner may go through all rows of the organization, and does so for keys without a workspace.
    LEFT JOIN users AS u ON u.id = k.user_id
    LEFT JOIN workspaces AS w ON w.id = k.workspace_id
  WHERE k.key_hash = authenticate_api_key.key_hash
    AND k.status = 'active' AND k.deleted_at IS NULL
    AND (k.expires_at IS NULL OR k.expires_at > now())
    AND o.status = 'active'
    AND u.deleted_at IS NULL
    AND w.deleted_at IS NULL;
END;
COMMENT ON FUNCTION authenticate_api_key(bytea) IS
  'What the key with this SHA-256 opens, before the tenant is known: one row; none unless the key is active, not expired, and its organization, workspace and user are active';
REVOKE EXECUTE ON FUNCTION authenticate_api_key(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION authenticate_api_key(bytea) TO tidemark_service;

CREATE FUNCTION authenticate_session(token_hash bytea)
  RETURNS TABLE (session_id uuid, organization_id uuid, user_id uuid, role user_role)
  LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  SELECT s.id, s.organization_id, s.user_id, u.role
  FROM sessions AS s
    JOIN organizations AS o ON o.id = s.organization_id
    JOIN users AS u ON u.id = s.user_id
  WHERE s.token_hash = authenticate_session.token_hash
    AND s.revoked_at IS NULL AND s.deleted_at IS NULL AND s.expires_at > now()
    AND o.status = 'active'
    AND u.deleted_at IS NULL;
END;
COMMENT ON FUNCTION authenticate_session(bytea) IS
  'Whose session has the token with this SHA-256, before the tenant is known: one row; none unless the session is neither revoked nor expired, and its organization and user are active';
REVOKE EXECUTE ON FUNCTION authenticate_session(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION authenticate_session(bytea) TO tidemark_service;

GRANT SELECT ON permissions, roles, role_permissions TO
  tidemark_service, tidemark_analytics, tidemark_auditor, tidemark_extraction;
GRANT SELECT, INSERT, UPDATE ON users, role_bindings, api_keys, sessions TO tidemark_service;
GRANT SELECT (id, organization_id, kind, role, created_at, deleted_at) ON users
  TO tidemark_analytics, tidemark_auditor;
GRANT SELECT (id, organization_id, workspace_id, user_id, name, key_prefix, status, created_at, deleted_at)
  ON api_keys TO tidemark_analytics, tidemark_auditor;
GRANT SELECT ON role_bindings TO tidemark_auditor;
GRANT SELECT, INSERT, UPDATE ON
  users, permissions, roles, role_permissions, role_bindings, api_keys, sessions TO tidemark_seeding;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  users, permissions, roles, role_permissions, role_bindings, api_keys, sessions TO tidemark_migration;
