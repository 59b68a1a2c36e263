-- Every partition stamps and refuses, whatever the session's replication role.
SELECT count(*) = 3 * (SELECT count(*) FROM pg_partition_tree('usage_events'))
FROM pg_trigger
WHERE tgrelid IN (SELECT relid FROM pg_partition_tree('usage_events'))
  AND tgname IN ('stamp_usage_event', 'refuse_usage_event_update', 'refuse_truncate')
  AND tgenabled = 'A';

-- Every partition is isolated, for its owner too, and can be read by the pipeline.
SELECT bool_and(
  relrowsecurity AND relforcerowsecurity AND has_table_privilege('tidemark_extraction', oid, 'SELECT'))
FROM pg_class WHERE oid IN (SELECT relid FROM pg_partition_tree('usage_events'));

-- No time is without a partition.
SELECT count(*) = 1 FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
WHERE i.inhparent = 'usage_events'::regclass
  AND pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT';

-- The weeks to come have theirs.
SELECT to_regclass('usage_events_' || to_char(date_trunc('week', now() AT TIME ZONE 'UTC') + n * interval '1 week', 'YYYYMMDD')) IS NOT NULL
FROM generate_series(8, 8) AS n;
