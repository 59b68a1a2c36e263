SELECT grain::text AS grain, (extract(epoch FROM window_start) * 1000000)::bigint AS window_start_micros,
  organization_id::text AS organization_id, workspace_id::text AS workspace_id, user_id::text AS user_id,
  api_key_id::text AS api_key_id, provider, model, operation, request_count, error_count, input_tokens,
  cached_input_tokens, output_tokens, cost_nano_usd, latency_ms_sum, latency_ms_min::bigint AS latency_ms_min,
  latency_ms_max::bigint AS latency_ms_max, latency_p50_ms AS p50, latency_p95_ms AS p95, latency_p99_ms AS p99
FROM usage_summaries
