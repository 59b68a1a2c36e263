SELECT
  unix_micros(hour_start) AS window_start_micros,
  organization_id, workspace_id, user_id, api_key_id, provider, model, operation,
  request_count, error_count, input_tokens, cached_input_tokens, output_tokens, cost_nano_usd,
  latency_ms_sum, latency_ms_min, latency_ms_max,
  unix_micros(first_event_at) AS first_event_at_micros,
  unix_micros(last_event_at) AS last_event_at_micros,
  coalesce(latency_count(latency_histogram), 0L) AS latency_count,
  latency_quantile(latency_histogram, 0.5D) AS p50,
  latency_quantile(latency_histogram, 0.95D) AS p95,
  latency_quantile(latency_histogram, 0.99D) AS p99
FROM ${table}
