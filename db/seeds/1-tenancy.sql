INSERT INTO organizations (
  id, name, slug, plan, region_code, data_persistence_mode, quota_requests_per_minute,
  settings, created_at)
SELECT
  pg_temp.seed_id('organizations', slug), name, slug, plan::organization_plan, region,
  persistence::data_persistence_mode, requests_per_minute::integer, '{"seeded": true}',
  current_setting('seed.until')::timestamptz
FROM seed_organizations
ON CONFLICT (id) DO NOTHING;

INSERT INTO workspaces (id, organization_id, name, slug, description)
SELECT
  pg_temp.seed_id('workspaces', organization, slug), pg_temp.seed_id('organizations', organization),
  name, slug, description
FROM seed_workspaces
ON CONFLICT (id) DO NOTHING;

INSERT INTO environments (id, organization_id, workspace_id, name, tier, is_protected)
SELECT
  pg_temp.seed_id('environments', organization, slug, tier),
  pg_temp.seed_id('organizations', organization),
  pg_temp.seed_id('workspaces', organization, slug),
  initcap(tier), tier::environment_tier, tier = 'production'
FROM seed_workspaces CROSS JOIN unnest(ARRAY['development', 'production']) AS tier
ON CONFLICT (id) DO NOTHING;

INSERT INTO workspace_settings (id, organization_id, workspace_id)
SELECT
  pg_temp.seed_id('workspace_settings', organization, slug),
  pg_temp.seed_id('organizations', organization), pg_temp.seed_id('workspaces', organization, slug)
FROM seed_workspaces
ON CONFLICT (id) DO NOTHING;

-- From the month before the first sample usage, so that every month of it has its budget.
INSERT INTO budgets (id, organization_id, period, starts_on, limit_amount, is_hard_limit)
SELECT
  pg_temp.seed_id('budgets', s.slug, 'month'), o.id, 'month',
  date_trunc('month', (o.created_at AT TIME ZONE 'UTC') - interval '1 month')::date,
  s.monthly_budget::numeric, s.hard_limit::boolean
FROM seed_organizations AS s JOIN organizations AS o ON o.id = pg_temp.seed_id('organizations', s.slug)
ON CONFLICT (id) DO NOTHING;
