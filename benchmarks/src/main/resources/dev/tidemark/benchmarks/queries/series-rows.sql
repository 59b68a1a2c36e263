-- So many rows of series, without their windows.
SELECT
  n, uuid_of('organization', organization) AS organization_id,
  CASE WHEN user % 2 = 0 THEN NULL ELSE uuid_of('workspace', organization * 3 + user % 3) END AS workspace_id,
  uuid_of('user', organization * 100 + user) AS user_id,
  uuid_of('key', organization * 200 + user * 2 + CAST(pmod(hash(n, 3), 10) = 0 AS INT)) AS api_key_id,
  concat('provider-', model % 5) AS provider, concat('model-', model) AS model,
  CASE WHEN model % 5 = 3 THEN 'embed' ELSE 'chat' END AS operation,
  requests AS request_count, CASE WHEN pmod(hash(n, 4), 100) < 3 THEN 1L ELSE 0L END AS error_count,
  1200L * requests AS input_tokens, 300L * requests AS cached_input_tokens, 250L * requests AS output_tokens,
  7000000L * requests AS cost_nano_usd, 900L * requests AS latency_ms_sum, 100L AS latency_ms_min,
  9000L AS latency_ms_max, histogram_of(n, requests) AS latency_histogram
FROM (
  SELECT
    id AS n, CAST(floor(pow(10000D, pmod(hash(id, 1), 1000000) / 1000000D)) AS INT) AS organization,
    pmod(hash(id, 2), 20) AS user, pmod(hash(id, 5), 50) AS model, 1L + pmod(hash(id, 6), 6) AS requests
  FROM range(${rows}))
