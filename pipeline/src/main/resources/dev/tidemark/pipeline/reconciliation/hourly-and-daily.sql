-- Hours against days.
SELECT
  'hourly-daily' AS comparison,
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
  expected.latencies AS expected_latencies,
  actual.latencies AS actual_latencies
FROM (
  SELECT
    timestamp_micros(datediff(usage_date, DATE'1970-01-01') * 86400000000L) AS window_start,
    sum(request_count) AS requests,
    sum(error_count) AS errors,
    sum(input_tokens) AS input_tokens,
    sum(cached_input_tokens) AS cached_input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cost_nano_usd) AS cost_nano_usd,
    coalesce(sum(latency_count(latency_histogram)), 0) AS latencies
  FROM hourly_rows
  GROUP BY 1
) AS expected
FULL OUTER JOIN (
  SELECT
    timestamp_micros(datediff(usage_date, DATE'1970-01-01') * 86400000000L) AS window_start,
    sum(request_count) AS requests,
    sum(error_count) AS errors,
    sum(input_tokens) AS input_tokens,
    sum(cached_input_tokens) AS cached_input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cost_nano_usd) AS cost_nano_usd,
    coalesce(sum(latency_count(latency_histogram)), 0) AS latencies
  FROM daily_rows
  GROUP BY 1
) AS actual
  ON expected.window_start = actual.window_start
