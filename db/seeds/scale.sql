INSERT INTO organizations (id, name, slug, plan, region_code, settings)
SELECT
  organization_id, name, slug,
  (enum_range(NULL::organization_plan))[1 + (hashtext(slug) & 3)],
  CASE hashtext(slug) & 1 WHEN 0 THEN 'eu' ELSE 'us' END,
  '{"seeded": true}'
FROM scale_rows
ON CONFLICT (id) DO NOTHING;

INSERT INTO workspaces (id, organization_id, name, slug)
SELECT pg_temp.seed_id('workspaces', organization_id::text), organization_id, 'Main', 'main'
FROM scale_rows
ON CONFLICT (id) DO NOTHING;

INSERT INTO users (
  id, organization_id, kind, email_hmac, email_ciphertext, email_key_id, full_name, role, is_verified)
SELECT
  owner_id, organization_id, 'person'::user_kind, email_hmac, email_ciphertext, email_key_id,
  'Owner of ' || name, 'owner'::user_role, true
FROM scale_rows
UNION ALL
SELECT
  pg_temp.seed_id('users', organization_id::text, 'gateway'), organization_id, 'service_account',
  NULL, NULL, NULL, 'Gateway', 'api', false
FROM scale_rows
ON CONFLICT (id) DO NOTHING;

INSERT INTO api_keys (
  id, organization_id, workspace_id, user_id, name, key_prefix, key_hash, scopes)
SELECT
  pg_temp.seed_id('api_keys', organization_id::text), organization_id,
  pg_temp.seed_id('workspaces', organization_id::text),
  pg_temp.seed_id('users', organization_id::text, 'gateway'),
  'Gateway', key_prefix, key_hash, '{models:call,usage:read}'
FROM scale_rows
ON CONFLICT (id) DO NOTHING;

INSERT INTO budgets (id, organization_id, starts_on, limit_amount)
SELECT pg_temp.seed_id('budgets', organization_id::text), organization_id, '2026-01-01', 100
FROM scale_rows
ON CONFLICT (id) DO NOTHING;
