-- Rows of usage_hourly over 2025, of the same series.
SELECT
  TIMESTAMP'2025-01-01 00:00:00Z' + make_interval(0, 0, 0, 0, CAST(n % 8760 AS INT)) AS hour_start,
  CAST(TIMESTAMP'2025-01-01 00:00:00Z' + make_interval(0, 0, 0, 0, CAST(n % 8760 AS INT)) AS DATE) AS usage_date,
  organization_id, workspace_id, user_id, api_key_id,
  provider, model, operation, request_count, error_count, input_tokens, cached_input_tokens, output_tokens,
  cost_nano_usd, latency_ms_sum, latency_ms_min, latency_ms_max, latency_histogram,
  TIMESTAMP'2025-01-01 00:00:00Z' + make_interval(0, 0, 0, 0, CAST(n % 8760 AS INT)) AS first_event_at,
  TIMESTAMP'2025-01-01 00:00:00Z' + make_interval(0, 0, 0, 0, CAST(n % 8760 AS INT)) AS last_event_at,
  1L AS revision, TIMESTAMP'2026-01-01 00:00:00Z' AS revised_at
FROM series_rows
