-- A day's events: 300 organizations, 20 models and keys.
INSERT INTO usage_events (
  id, occurred_at, organization_id, user_id, api_key_id, provider, model, operation, status,
  input_tokens, output_tokens, latency_ms, cost_nano_usd)
SELECT
  gen_random_uuid(), day + make_interval(secs => 86400 * random()),
  md5('organization ' || organization)::uuid, md5('user ' || organization)::uuid,
  md5('key ' || organization || ' ' || n % 3)::uuid, 'provider-' || n % 4, 'model-' || n % 20, 'chat',
  CASE WHEN random() < 0.03 THEN 'server_error' ELSE 'success' END,
  100 + n % 4000, n % 1000, (exp(6 + random_normal()))::int, 1000000 + n
FROM
  (SELECT ?::date AT TIME ZONE 'UTC') AS days (day),
  (SELECT n, (300 * random() ^ 3)::int FROM generate_series(1, ?) AS n) AS rows (n, organization)
