-- The name of a segment is its time line, and its number in two parts of eight hexadecimal digits.
WITH segment AS (
  SELECT pg_size_bytes(current_setting('wal_segment_size')) AS bytes
),
archived AS (
  SELECT
    CASE WHEN last_archived_wal ~ '^[0-9A-F]{24}' THEN
      (('x' || substr(last_archived_wal, 9, 8))::bit(32)::bigint * (4294967296 / bytes)
        + ('x' || substr(last_archived_wal, 17, 8))::bit(32)::bigint + 1) * bytes
    END AS up_to,
    coalesce(last_failed_time > last_archived_time, last_failed_time IS NOT NULL) AS failing
  FROM pg_stat_archiver, segment
)
SELECT
  current_setting('archive_mode') <> 'off' AS archives,
  up_to IS NULL AS unknown,
  greatest(pg_current_wal_insert_lsn() - '0/0' - coalesce(up_to, 0), 0) AS bytes,
  failing
FROM archived
