-- What the source holds and the door let in.
SELECT source.*
FROM judged_events AS source
LEFT ANTI JOIN quarantined_events AS refused
  ON source.event_id = refused.event_id AND source.occurred_at = refused.occurred_at
WHERE source.rule IS NULL
