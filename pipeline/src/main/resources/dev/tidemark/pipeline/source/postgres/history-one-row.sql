SELECT id::text, occurred_at::text
FROM usage_events
WHERE %s
LIMIT 1
