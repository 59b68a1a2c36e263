-- Rows of usage_daily over 2025: organizations by Zipf's law, the columns of series as the generator has them.
SELECT
  CAST(DATE'2025-01-01' + CAST(n % 365 AS INT) AS DATE) AS usage_date, organization_id, workspace_id, user_id, api_key_id,
  provider, model, operation, request_count, error_count, input_tokens, cached_input_tokens, output_tokens,
  cost_nano_usd, latency_ms_sum, latency_ms_min, latency_ms_max, latency_histogram,
  CAST(CAST(DATE'2025-01-01' + CAST(n % 365 AS INT) AS DATE) AS TIMESTAMP) AS first_event_at,
  CAST(CAST(DATE'2025-01-01' + CAST(n % 365 AS INT) AS DATE) AS TIMESTAMP) AS last_event_at,
  1L AS revision, TIMESTAMP'2026-01-01 00:00:00Z' AS revised_at,
  CAST(trunc(DATE'2025-01-01' + CAST(n % 365 AS INT), 'MM') AS DATE) AS usage_month
FROM series_rows
