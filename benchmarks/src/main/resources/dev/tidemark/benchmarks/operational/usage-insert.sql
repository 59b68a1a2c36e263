INSERT INTO usage_events (
  id, occurred_at, organization_id, user_id, api_key_id, provider, model, operation, status,
  input_tokens, output_tokens, latency_ms, cost_nano_usd)
VALUES (?, now(), current_organization_id(), ?, ?, ?, ?, 'chat', 'success', ?, ?, ?, ?)
