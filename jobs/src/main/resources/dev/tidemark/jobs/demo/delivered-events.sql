-- Events that Postgres has, as the partner delivers them again. Parameter: how many.
SELECT json_build_object(
  'id', id,
  'time', to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'organization', organization_id,
  'provider', provider,
  'model', model,
  'operation', operation,
  'status', status,
  'prompt_tokens', input_tokens,
  'cached_tokens', cached_input_tokens,
  'completion_tokens', output_tokens,
  'latency_ms', latency_ms,
  'cost_nano_usd', cost_nano_usd)::text
FROM usage_events
ORDER BY id
LIMIT ?
