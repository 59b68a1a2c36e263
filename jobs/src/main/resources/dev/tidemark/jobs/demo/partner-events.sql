-- A partner's own events, one JSON object a row. Parameters: first and last number; from, to.
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
FROM pg_temp.events(?, ?, ?, ?)
