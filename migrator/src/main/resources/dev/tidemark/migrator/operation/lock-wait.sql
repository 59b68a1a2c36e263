SELECT
  min(waitstart) AS waiting_since,
  extract(epoch FROM clock_timestamp() - min(waitstart)) * 1000 AS waited_ms
FROM pg_locks
WHERE pid = ? AND NOT granted
