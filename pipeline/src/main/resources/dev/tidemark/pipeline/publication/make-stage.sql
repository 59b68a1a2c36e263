-- The columns of usage_summaries that come from the lake, with their types.
CREATE TEMPORARY TABLE made_summaries ON COMMIT DELETE ROWS AS
SELECT
  window_start, organization_id, workspace_id, user_id, api_key_id, provider, model, operation,
  request_count, error_count, input_tokens, cached_input_tokens, output_tokens, cost_nano_usd,
  latency_ms_sum, latency_ms_min, latency_ms_max, latency_p50_ms, latency_p95_ms, latency_p99_ms,
  revision, revised_at
FROM usage_summaries
WITH NO DATA
