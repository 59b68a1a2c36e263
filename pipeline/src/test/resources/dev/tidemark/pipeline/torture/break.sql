-- Too many tokens, at no time, in the far future: Postgres takes them, the door does not.
INSERT INTO usage_events
SELECT event.id,
  CASE n % 3 WHEN 1 THEN 'infinity' WHEN 2 THEN now() + interval '30 days' ELSE event.occurred_at END,
  event.received_at, event.organization_id, event.workspace_id, event.user_id, event.api_key_id, event.provider,
  event.model, event.operation, event.status, event.http_status,
  CASE n % 3 WHEN 0 THEN 20000000000 ELSE event.input_tokens END,
  event.cached_input_tokens, event.output_tokens, event.latency_ms, event.time_to_first_token_ms, event.cost_nano_usd
FROM generate_series(?::bigint, ?::bigint) AS n, LATERAL torture_event(n, ?, ?) AS event
