INSERT INTO tidemark.usage_observations (kind, name, relation, counters, statistics_epoch)
VALUES (?, ?, ?, ?, ?)
RETURNING first_seen_at
