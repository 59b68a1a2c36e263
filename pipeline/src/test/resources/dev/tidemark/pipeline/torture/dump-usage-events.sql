SELECT event_id, unix_micros(occurred_at) AS occurred_at_micros, organization_id, workspace_id, user_id, api_key_id, provider, model, operation, status,
  input_tokens, cached_input_tokens, output_tokens, latency_ms, cost_nano_usd
FROM ${table}
