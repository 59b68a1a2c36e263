-- Landed events whose id was landed with several times (EX-8).
SELECT landed.event_id, landed.occurred_at
FROM landed_events AS landed
LEFT SEMI JOIN (
  SELECT event_id_high, event_id_low FROM landed_events GROUP BY event_id_high, event_id_low HAVING count(*) > 1
) AS repeated
  ON landed.event_id_high = repeated.event_id_high AND landed.event_id_low = repeated.event_id_low
