-- Events as a function of their number alone, apart from their time: the same in every demo.
CREATE FUNCTION pg_temp.uniform(event bigint, stream bigint) RETURNS double precision
  LANGUAGE sql IMMUTABLE AS $$
  SELECT ((hashint8extended(event, stream) >> 12) + 2251799813685249)::double precision / 4503599627370498
$$;

CREATE FUNCTION pg_temp.normal(event bigint, stream bigint) RETURNS double precision
  LANGUAGE sql IMMUTABLE AS $$
  SELECT sqrt(-2 * ln(pg_temp.uniform(event, stream))) * cos(2 * pi() * pg_temp.uniform(event, stream + 1000))
$$;

-- Prices are nano US dollars a token.
CREATE FUNCTION pg_temp.events(first bigint, last bigint, starts_at timestamptz, ends_at timestamptz)
RETURNS TABLE (
  id uuid, occurred_at timestamptz, organization_id uuid, workspace_id uuid, user_id uuid, api_key_id uuid,
  provider text, model text, operation text, status text, http_status smallint, input_tokens bigint,
  cached_input_tokens bigint, output_tokens bigint, latency_ms integer, time_to_first_token_ms integer,
  cost_nano_usd bigint)
  LANGUAGE sql STABLE AS $$
  WITH drawn AS (
    SELECT
      i,
      -- Zipf-like: each organization has about half of the one before it.
      width_bucket(pg_temp.uniform(i, 1), ARRAY[0, 0.44, 0.66, 0.81, 0.92]::double precision[]) AS organization,
      width_bucket(pg_temp.uniform(i, 2), ARRAY[0, 0.25, 0.60, 0.72, 0.90]::double precision[]) AS model,
      width_bucket(
        pg_temp.uniform(i, 3), ARRAY[0, 0.970, 0.978, 0.986, 0.992, 0.997]::double precision[]) AS status
    FROM generate_series(first, last) AS i
  ), shaped AS (
    SELECT
      i,
      organization,
      1 + floor((7 - organization) * pg_temp.uniform(i, 4) ^ 2)::integer AS account,
      model,
      (ARRAY['success', 'client_error', 'server_error', 'timeout', 'rate_limited', 'cancelled'])[status] AS status,
      (ARRAY[200, 400, 500, 504, 429, 499])[status]::smallint AS http_status,
      ceil(exp(6.3 + pg_temp.normal(i, 5)))::bigint AS input_tokens,
      CASE WHEN status = 1 AND model < 5 THEN ceil(exp(5.0 + 0.9 * pg_temp.normal(i, 6)))::bigint ELSE 0 END
        AS output_tokens
    FROM drawn
  ), measured AS (
    SELECT
      *,
      CASE WHEN pg_temp.uniform(i, 7) < 0.3 THEN input_tokens / 2 ELSE 0 END AS cached_input_tokens,
      least(120000, ceil(exp(5.2 + 0.5 * pg_temp.normal(i, 8)) + 6 * output_tokens))::integer AS latency_ms
    FROM shaped
  )
  SELECT
    md5('event-' || i)::uuid,
    date_trunc('milliseconds', starts_at + (ends_at - starts_at) * pg_temp.uniform(i, 9)),
    md5('organization-' || organization)::uuid,
    CASE WHEN organization < 3 THEN md5('workspace-' || organization || '-' || account % 2)::uuid END,
    md5('user-' || organization || '-' || account)::uuid,
    md5('key-' || organization || '-' || account)::uuid,
    (ARRAY['openai', 'openai', 'mistral', 'google', 'openai'])[model],
    (ARRAY['gpt-5', 'gpt-5-mini', 'mistral-large', 'gemini-2.5-flash', 'text-embedding-3-small'])[model],
    CASE WHEN model = 5 THEN 'embedding' ELSE 'chat' END,
    status,
    http_status,
    input_tokens,
    cached_input_tokens,
    output_tokens,
    CASE WHEN status <> 'cancelled' THEN latency_ms END,
    CASE WHEN status = 'success' AND model < 5 THEN latency_ms / 4 END,
    CASE WHEN status = 'success' THEN
      input_tokens * (ARRAY[1250, 250, 2000, 300, 20])[model]
        + output_tokens * (ARRAY[10000, 2000, 6000, 2500, 0])[model]
    ELSE 0 END
  FROM measured
$$
