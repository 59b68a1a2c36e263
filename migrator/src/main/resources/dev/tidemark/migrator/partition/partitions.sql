-- Partitions with a beginning and an end, the oldest first.
SELECT name, starts_at::timestamptz, ends_at::timestamptz
FROM (
    SELECT c.oid::regclass::text AS name, bound[1] AS starts_at, bound[2] AS ends_at
    FROM pg_inherits AS i
      JOIN pg_class AS c ON c.oid = i.inhrelid,
      regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''([^'']+)''\) TO \(''([^'']+)''\)') AS bound
    WHERE i.inhparent = '${table}'::regclass) AS bounded
WHERE starts_at IS NOT NULL
ORDER BY starts_at::timestamptz
