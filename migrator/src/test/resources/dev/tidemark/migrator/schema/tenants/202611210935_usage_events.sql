INSERT INTO usage_events (
  id, occurred_at, organization_id, provider, model, status, input_tokens, output_tokens) VALUES
  ($usage_event, now(), $organization, 'openai', 'm', 'success', 3, 4),
  ($old_usage_event, '2001-01-01Z', $organization, 'openai', 'm', 'success', 3, 4);
