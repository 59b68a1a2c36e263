-- Rows whose numbers are as they were stay untouched, so that revision moves with numbers only.
INSERT INTO usage_summaries AS summary (
  grain, window_start, organization_id, workspace_id, user_id, api_key_id, provider, model, operation,
  request_count, error_count, input_tokens, cached_input_tokens, output_tokens, cost_nano_usd,
  latency_ms_sum, latency_ms_min, latency_ms_max, latency_p50_ms, latency_p95_ms, latency_p99_ms,
  revision, revised_at, data_as_of)
SELECT
  ?::usage_grain, window_start, organization_id, workspace_id, user_id, api_key_id, provider, model, operation,
  request_count, error_count, input_tokens, cached_input_tokens, output_tokens, cost_nano_usd,
  latency_ms_sum, latency_ms_min, latency_ms_max, latency_p50_ms, latency_p95_ms, latency_p99_ms,
  revision, revised_at, ?::timestamptz
FROM made_summaries
ON CONFLICT (
  organization_id, window_start, grain, workspace_id, user_id, api_key_id, provider, model, operation)
DO UPDATE SET
  request_count = excluded.request_count,
  error_count = excluded.error_count,
  input_tokens = excluded.input_tokens,
  cached_input_tokens = excluded.cached_input_tokens,
  output_tokens = excluded.output_tokens,
  cost_nano_usd = excluded.cost_nano_usd,
  latency_ms_sum = excluded.latency_ms_sum,
  latency_ms_min = excluded.latency_ms_min,
  latency_ms_max = excluded.latency_ms_max,
  latency_p50_ms = excluded.latency_p50_ms,
  latency_p95_ms = excluded.latency_p95_ms,
  latency_p99_ms = excluded.latency_p99_ms,
  -- The lake's own, unless this row has been revised more often here, by seeds or for another lake.
  revision = greatest(excluded.revision, summary.revision + 1),
  revised_at = excluded.revised_at,
  data_as_of = excluded.data_as_of
WHERE (
    summary.request_count, summary.error_count, summary.input_tokens, summary.cached_input_tokens,
    summary.output_tokens, summary.cost_nano_usd, summary.latency_ms_sum, summary.latency_ms_min,
    summary.latency_ms_max, summary.latency_p50_ms, summary.latency_p95_ms, summary.latency_p99_ms)
  IS DISTINCT FROM (
    excluded.request_count, excluded.error_count, excluded.input_tokens, excluded.cached_input_tokens,
    excluded.output_tokens, excluded.cost_nano_usd, excluded.latency_ms_sum, excluded.latency_ms_min,
    excluded.latency_ms_max, excluded.latency_p50_ms, excluded.latency_p95_ms, excluded.latency_p99_ms)
