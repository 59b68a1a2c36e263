-- The locks of one session on tables, views and indexes, wanted ones included.
SELECT DISTINCT relation::bigint, mode
FROM pg_locks
WHERE pid = ? AND locktype = 'relation'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND relation >= 16384
