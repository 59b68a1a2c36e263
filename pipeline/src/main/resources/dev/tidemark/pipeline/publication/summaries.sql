-- Rows of ${rows} in the order of make-stage.sql; the first column says whether Postgres can take them.
SELECT
  ${fits} AS fits,
  ${window} AS window_start,
  organization_id, workspace_id, user_id, api_key_id, provider, model, operation,
  request_count, error_count, input_tokens, cached_input_tokens, output_tokens, cost_nano_usd,
  latency_ms_sum, latency_ms_min, latency_ms_max,
  latency_quantile(latency_histogram, 0.50) AS latency_p50_ms,
  latency_quantile(latency_histogram, 0.95) AS latency_p95_ms,
  latency_quantile(latency_histogram, 0.99) AS latency_p99_ms,
  revision, revised_at
FROM ${rows}
