INSERT INTO users (
  id, organization_id, kind, email_hmac, email_ciphertext, email_key_id, full_name, role,
  is_verified, oidc_issuer, oidc_subject)
SELECT
  pg_temp.seed_id('users', organization, handle), pg_temp.seed_id('organizations', organization),
  CASE WHEN email_hmac IS NULL THEN 'service_account' ELSE 'person' END::user_kind,
  decode(email_hmac, 'hex'), decode(email_ciphertext, 'hex'), email_key_id, full_name,
  role::user_role, email_hmac IS NOT NULL,
  CASE WHEN email_hmac IS NOT NULL THEN 'https://login.example' END,
  CASE WHEN email_hmac IS NOT NULL THEN organization || '/' || handle END
FROM seed_people
ON CONFLICT (id) DO NOTHING;

INSERT INTO role_bindings (id, organization_id, user_id, role_id)
SELECT
  pg_temp.seed_id('role_bindings', p.organization, p.handle),
  pg_temp.seed_id('organizations', p.organization),
  pg_temp.seed_id('users', p.organization, p.handle),
  r.id
FROM seed_people AS p
  JOIN roles AS r ON r.deleted_at IS NULL AND r.name = CASE p.role
    WHEN 'owner' THEN 'WorkspaceAdmin'
    WHEN 'admin' THEN 'IntegrationAdmin'
    WHEN 'viewer' THEN 'Auditor'
    ELSE 'Operator'
  END
ON CONFLICT (id) DO NOTHING;

INSERT INTO api_keys (
  id, organization_id, workspace_id, user_id, name, key_prefix, key_hash, scopes)
SELECT
  pg_temp.seed_id('api_keys', organization, name), pg_temp.seed_id('organizations', organization),
  pg_temp.seed_id('workspaces', organization, workspace),
  pg_temp.seed_id('users', organization, handle),
  name, key_prefix, decode(key_hash, 'hex'), string_to_array(scopes, ',')
FROM seed_api_keys
ON CONFLICT (id) DO NOTHING;
