-- Every partition of events refuses what they refuse, whatever the session's replication role.
SELECT count(*) = 2 * (SELECT count(*) FROM pg_partition_tree('metering_events'))
FROM pg_trigger
WHERE tgrelid IN (SELECT relid FROM pg_partition_tree('metering_events'))
  AND tgname IN ('refuse_change', 'refuse_truncate') AND tgenabled = 'A';

-- Every partition is isolated, for its owner too.
SELECT bool_and(relrowsecurity AND relforcerowsecurity) FROM pg_class
WHERE oid IN (
  SELECT relid FROM pg_partition_tree('metering_events') UNION SELECT relid FROM pg_partition_tree('usage_summaries'));

-- Null is a value of the key, in every partition.
SELECT count(*) = (SELECT count(*) FROM pg_partition_tree('usage_summaries')) AND bool_and(indnullsnotdistinct AND indisvalid)
FROM pg_index
WHERE indrelid IN (SELECT relid FROM pg_partition_tree('usage_summaries')) AND indisunique;

-- No time is without a partition.
SELECT count(*) = 4 FROM pg_class
WHERE oid IN (SELECT relid FROM pg_partition_tree('metering_events') UNION SELECT relid FROM pg_partition_tree('usage_summaries'))
  AND pg_get_expr(relpartbound, oid) = 'DEFAULT';

-- Only the pipeline and seeds write what dashboards read.
SELECT NOT bool_or(has_table_privilege(role, 'usage_summaries', 'INSERT, UPDATE, DELETE'))
FROM unnest(ARRAY['tidemark_service', 'tidemark_analytics', 'tidemark_auditor', 'tidemark_migration']) AS role;

-- The pipeline publishes with its own role, over all tenants, and says how far in the same transaction.
SELECT bool_and(has_table_privilege('tidemark_extraction', published, privilege))
FROM unnest(ARRAY['usage_summaries', 'usage_publications']) AS published,
  unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege;
