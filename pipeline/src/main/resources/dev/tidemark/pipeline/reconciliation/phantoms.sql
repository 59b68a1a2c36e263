-- Landed events that the source has lost (EX-23). What is older than all that it still holds went by retention.
SELECT landed.event_id, landed.occurred_at
FROM landed_events AS landed
LEFT ANTI JOIN delivered_events AS delivered
  ON landed.event_id = delivered.event_id AND landed.occurred_at = delivered.occurred_at
WHERE landed.occurred_at >= (SELECT coalesce(min(occurred_at), TIMESTAMP'2000-01-01 00:00:00Z') FROM delivered_events)
