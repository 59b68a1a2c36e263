-- At the end of each whole day: how often each key called, and what each workspace stored.
INSERT INTO metering_events (
  id, occurred_at, received_at, organization_id, workspace_id, user_id, api_key_id,
  metering_kind_code, quantity)
SELECT
  pg_temp.seed_id('metering_events', 'api_call', e.api_key_id::text, day::date::text),
  day + interval '1 day', day + interval '1 day', e.organization_id, e.workspace_id, e.user_id,
  e.api_key_id, 'api_call', count(*)
FROM usage_events AS e CROSS JOIN LATERAL date_trunc('day', e.occurred_at) AS day
WHERE e.api_key_id IN (SELECT pg_temp.seed_id('api_keys', organization, name) FROM seed_api_keys)
  AND day + interval '1 day' <= current_setting('seed.until')::timestamptz
GROUP BY e.organization_id, e.workspace_id, e.user_id, e.api_key_id, day
ON CONFLICT (id, occurred_at) DO NOTHING;

INSERT INTO metering_events (
  id, occurred_at, received_at, organization_id, workspace_id, metering_kind_code, quantity)
SELECT
  pg_temp.seed_id('metering_events', 'bytes_stored', w.organization, w.slug, day::date::text),
  day + interval '1 day', day + interval '1 day', o.id,
  pg_temp.seed_id('workspaces', w.organization, w.slug),
  -- A growing pile, for the 24 hours of the day.
  'bytes_stored', 24 * 1000000::bigint * (day::date - date '2026-01-01')
FROM seed_workspaces AS w
  JOIN organizations AS o ON o.id = pg_temp.seed_id('organizations', w.organization),
  LATERAL generate_series(
    date_trunc('day', o.created_at) - interval '14 days',
    current_setting('seed.until')::timestamptz - interval '1 day', interval '1 day') AS day
ON CONFLICT (id, occurred_at) DO NOTHING;
