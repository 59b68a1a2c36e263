-- How many rows of usage_summaries are not what the events of Postgres add up to; it shares nothing with the pipeline.
WITH expected AS (
  SELECT
    grain, date_trunc(grain::text, occurred_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS window_start,
    organization_id, workspace_id, user_id, api_key_id, provider, model, operation,
    count(*) AS requests, count(*) FILTER (WHERE status <> 'success') AS errors, sum(input_tokens) AS input,
    sum(cached_input_tokens) AS cached, sum(output_tokens) AS output, sum(cost_nano_usd) AS cost,
    sum(latency_ms) AS latency, min(latency_ms) AS least, max(latency_ms) AS most,
    (array_agg(latency_ms ORDER BY latency_ms) FILTER (WHERE latency_ms IS NOT NULL))
      [1 + floor(0.95 * (count(latency_ms) - 1))::int] AS p95
  FROM usage_events CROSS JOIN unnest(enum_range(NULL::usage_grain)) AS grain
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
)
SELECT count(*)
FROM expected FULL JOIN usage_summaries AS summary
  ON expected.grain = summary.grain AND expected.window_start = summary.window_start
  AND concat_ws('|', expected.organization_id, coalesce(expected.workspace_id::text, '-'),
    coalesce(expected.user_id::text, '-'), coalesce(expected.api_key_id::text, '-'), expected.provider,
    expected.model, coalesce('+' || expected.operation, '-'))
  = concat_ws('|', summary.organization_id, coalesce(summary.workspace_id::text, '-'),
    coalesce(summary.user_id::text, '-'), coalesce(summary.api_key_id::text, '-'), summary.provider,
    summary.model, coalesce('+' || summary.operation, '-'))
WHERE (requests, errors, input, cached, output, cost, latency, least, most)
  IS DISTINCT FROM (request_count, error_count, input_tokens, cached_input_tokens, output_tokens, cost_nano_usd,
    latency_ms_sum, latency_ms_min, latency_ms_max)
  OR (p95 IS NULL) <> (latency_p95_ms IS NULL)
  OR abs(latency_p95_ms - p95) > 0.01 * p95
