SELECT id::text AS event_id FROM usage_events
WHERE input_tokens > 10000000000 OR NOT isfinite(occurred_at) OR occurred_at > now() + interval '2 days'
