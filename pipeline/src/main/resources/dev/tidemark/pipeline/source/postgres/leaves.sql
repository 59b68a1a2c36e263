-- Every leaf with its size; a table without partitions is its own leaf.
SELECT leaf.relid::regclass::text, pg_relation_size(leaf.relid) / current_setting('block_size')::bigint
FROM pg_partition_tree('usage_events') AS leaf
WHERE leaf.isleaf
ORDER BY 1
