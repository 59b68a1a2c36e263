-- The youngest observation of a relation, if nothing has changed since.
UPDATE tidemark.usage_observations AS o
SET last_seen_at = clock_timestamp()
WHERE (o.kind, o.name, o.relation, o.counters, o.statistics_epoch) = (?, ?, ?, ?, ?)
  AND o.first_seen_at =
    (SELECT max(y.first_seen_at) FROM tidemark.usage_observations AS y WHERE (y.kind, y.name) = (o.kind, o.name))
RETURNING o.first_seen_at
