INSERT INTO usage_events
SELECT first.id, first.occurred_at, now(), first.organization_id, first.workspace_id, first.user_id, first.api_key_id,
  first.provider, 'another', first.operation, 'server_error', first.http_status, first.input_tokens + 1,
  first.cached_input_tokens, first.output_tokens, 1, first.time_to_first_token_ms, 0
FROM torture_first AS first
ORDER BY md5(first.id::text || ?) LIMIT ?
ON CONFLICT (id, occurred_at) DO NOTHING
