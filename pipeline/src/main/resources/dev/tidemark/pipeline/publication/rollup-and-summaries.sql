-- A rollup against the summaries in Postgres, which have no histograms.
SELECT
  '${comparison}' AS comparison,
  coalesce(expected.window_start, actual.window_start) AS window_start,
  expected.requests AS expected_requests,
  actual.requests AS actual_requests,
  expected.errors AS expected_errors,
  actual.errors AS actual_errors,
  expected.input_tokens AS expected_input_tokens,
  actual.input_tokens AS actual_input_tokens,
  expected.cached_input_tokens AS expected_cached_input_tokens,
  actual.cached_input_tokens AS actual_cached_input_tokens,
  expected.output_tokens AS expected_output_tokens,
  actual.output_tokens AS actual_output_tokens,
  expected.cost_nano_usd AS expected_cost_nano_usd,
  actual.cost_nano_usd AS actual_cost_nano_usd,
  CAST(NULL AS BIGINT) AS expected_latencies,
  CAST(NULL AS BIGINT) AS actual_latencies
FROM (
  SELECT
    ${window} AS window_start,
    sum(request_count) AS requests,
    sum(error_count) AS errors,
    sum(input_tokens) AS input_tokens,
    sum(cached_input_tokens) AS cached_input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cost_nano_usd) AS cost_nano_usd
  FROM published_rollup
  WHERE ${fits}
  GROUP BY 1
) AS expected
FULL OUTER JOIN published_windows AS actual
  ON expected.window_start = actual.window_start
