SELECT id::text AS event_id, (extract(epoch FROM occurred_at) * 1000000)::bigint AS occurred_at_micros,
  organization_id::text AS organization_id, workspace_id::text AS workspace_id, user_id::text AS user_id,
  api_key_id::text AS api_key_id, provider, model, operation, status, input_tokens, cached_input_tokens, output_tokens,
  latency_ms::bigint AS latency_ms, cost_nano_usd, 1 AS landing, 0::bigint AS arrival_order
FROM torture_first
