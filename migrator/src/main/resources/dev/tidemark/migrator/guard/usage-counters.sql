-- What a relation, its partitions included, was used for. Both times of reset: a crash is seen in the second only.
SELECT r.oid::bigint AS relation,
  current_setting('track_counts')::boolean AS counted,
  CASE WHEN r.relkind IN ('i', 'I') THEN
    (SELECT format('%s scans', coalesce(sum(s.idx_scan), 0))
     FROM pg_stat_user_indexes AS s
     WHERE s.indexrelid = r.oid OR s.indexrelid IN (SELECT p.relid FROM pg_partition_tree(r.oid) AS p))
  ELSE
    (SELECT format('%s scans, %s by index; %s rows inserted, %s updated, %s deleted',
       coalesce(sum(s.seq_scan), 0), coalesce(sum(s.idx_scan), 0), coalesce(sum(s.n_tup_ins), 0),
       coalesce(sum(s.n_tup_upd), 0), coalesce(sum(s.n_tup_del), 0))
     FROM pg_stat_user_tables AS s
     WHERE s.relid = r.oid OR s.relid IN (SELECT p.relid FROM pg_partition_tree(r.oid) AS p)) END AS counters,
  format('%s/%s',
    (SELECT extract(epoch FROM stats_reset) FROM pg_stat_database WHERE datname = current_database()),
    (SELECT extract(epoch FROM stats_reset) FROM pg_stat_bgwriter)) AS epoch
FROM (SELECT to_regclass(?)::oid AS oid) AS given
  JOIN pg_class AS r ON r.oid = given.oid
WHERE (r.relkind IN ('r', 'p', 'm')) = ? AND r.relkind IN ('r', 'p', 'm', 'i', 'I')
