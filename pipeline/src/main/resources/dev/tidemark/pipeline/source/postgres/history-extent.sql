SELECT
  (extract(epoch FROM min(occurred_at)) * 1000000)::bigint,
  (extract(epoch FROM max(occurred_at)) * 1000000)::bigint
FROM usage_events
WHERE %s
