-- Parameters: whether they arrive now, rather than when they happen; first and last number; from, to.
INSERT INTO usage_events (
  id, occurred_at, organization_id, workspace_id, user_id, api_key_id, provider, model, operation, status,
  http_status, input_tokens, cached_input_tokens, output_tokens, latency_ms, time_to_first_token_ms, cost_nano_usd,
  received_at)
SELECT events.*, CASE WHEN ? THEN clock_timestamp() ELSE occurred_at + interval '2 seconds' END
FROM pg_temp.events(?, ?, ?, ?) AS events
