-- A number from least to most that depends on the seed alone.
CREATE FUNCTION pg_temp.seed_draw(seed text, lowest bigint, highest bigint) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN lowest + ('x' || substr(encode(sha256(convert_to(seed, 'UTF8')), 'hex'), 1, 8))::bit(32)::bigint
    % (highest - lowest + 1);

-- From two weeks before the organization was seeded until now: another run adds what is new since.
WITH request AS (
  SELECT
    k.organization, k.name AS key_name, k.handle, k.workspace, day, n,
    format('%s/%s/%s/%s', k.organization, k.name, day::date, n) AS seed
  FROM seed_api_keys AS k
    JOIN organizations AS o ON o.id = pg_temp.seed_id('organizations', k.organization),
    LATERAL generate_series(
      date_trunc('day', o.created_at) - interval '14 days',
      current_setting('seed.until')::timestamptz, interval '1 day') AS day,
    LATERAL generate_series(
      1,
      pg_temp.seed_draw(format('%s/%s/%s', k.organization, k.name, day::date), 20, 60)) AS n
), drawn AS (
  SELECT
    request.*,
    -- Two draws added: most requests around noon, few at night.
    day + (pg_temp.seed_draw(seed || '/time', 0, 43199999)
      + pg_temp.seed_draw(seed || '/time too', 0, 43199999)) * interval '1 millisecond' AS occurred_at,
    (ARRAY['tidepool-chat', 'tidepool-mini', 'tidepool-mini', 'tidepool-embed'])
      [pg_temp.seed_draw(seed || '/model', 1, 4)] AS model,
    CASE pg_temp.seed_draw(seed || '/status', 1, 50)
      WHEN 1 THEN 'client_error'
      WHEN 2 THEN 'rate_limited'
      WHEN 3 THEN 'timeout'
      ELSE 'success'
    END AS status,
    pg_temp.seed_draw(seed || '/input', 50, 4000) AS input_tokens,
    pg_temp.seed_draw(seed || '/cached', 0, 50) AS cached_percent,
    pg_temp.seed_draw(seed || '/output', 10, 900) AS drawn_output_tokens,
    pg_temp.seed_draw(seed || '/latency', 60, 400) AS drawn_latency_ms
  FROM request
), counted AS (
  SELECT
    drawn.*,
    input_tokens * cached_percent / 100 AS cached_input_tokens,
    CASE WHEN status = 'success' AND model <> 'tidepool-embed' THEN drawn_output_tokens ELSE 0 END
      AS output_tokens
  FROM drawn
)
INSERT INTO usage_events (
  id, occurred_at, received_at, organization_id, workspace_id, user_id, api_key_id, provider, model,
  operation, status, http_status, input_tokens, cached_input_tokens, output_tokens, latency_ms,
  time_to_first_token_ms, cost_nano_usd)
SELECT
  pg_temp.seed_id('usage_events', seed), occurred_at, occurred_at + interval '1 second',
  pg_temp.seed_id('organizations', organization),
  pg_temp.seed_id('workspaces', organization, workspace),
  pg_temp.seed_id('users', organization, handle),
  pg_temp.seed_id('api_keys', organization, key_name),
  'tidepool', model,
  CASE model WHEN 'tidepool-embed' THEN 'embedding' ELSE 'chat' END,
  status,
  CASE status WHEN 'success' THEN 200 WHEN 'client_error' THEN 400 WHEN 'rate_limited' THEN 429 END,
  input_tokens, cached_input_tokens, output_tokens,
  drawn_latency_ms + output_tokens * 12, drawn_latency_ms,
  -- A dollar a million tokens is a thousand nano-dollars a token.
  CASE WHEN status = 'success' THEN 1000 * (
    (input_tokens - cached_input_tokens) * p.input_usd_per_million_tokens
    + cached_input_tokens * p.cached_input_usd_per_million_tokens
    + output_tokens * p.output_usd_per_million_tokens) ELSE 0 END
FROM counted
  JOIN model_prices AS p
    ON p.model_id = pg_temp.seed_id('models', model) AND p.effective_to IS NULL AND p.deleted_at IS NULL
WHERE occurred_at < current_setting('seed.until')::timestamptz
ON CONFLICT (id, occurred_at) DO NOTHING;

DROP FUNCTION pg_temp.seed_draw(text, bigint, bigint);
