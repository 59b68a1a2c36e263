-- The landed events that the source holds too.
SELECT landed.*
FROM landed_events AS landed
LEFT SEMI JOIN source_events AS source
  ON landed.event_id = source.event_id AND landed.occurred_at = source.occurred_at
