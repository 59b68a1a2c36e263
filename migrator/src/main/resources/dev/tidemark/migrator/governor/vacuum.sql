-- Which table a vacuum is at is hidden from ordinary roles; which lock it has is not.
SELECT count(DISTINCT v.pid) AS vacuums
FROM pg_stat_progress_vacuum AS v
  JOIN pg_locks AS l ON l.pid = v.pid AND l.locktype = 'relation' AND l.mode = 'ShareUpdateExclusiveLock'
  JOIN pg_database AS d ON d.oid = l.database AND d.datname = current_database()
WHERE l.granted
  AND (l.relation = to_regclass(?) OR l.relation IN (SELECT relid FROM pg_partition_tree(to_regclass(?))))
