-- Transactions that may hold locks or keep rows from being vacuumed. Those of other roles show only to pg_read_all_stats.
SELECT
  format('session %s of %s (%s), open for %s s, %s: %s', a.pid, a.usename,
    coalesce(nullif(a.application_name, ''), 'no application name'),
    extract(epoch FROM clock_timestamp() - a.xact_start)::bigint, a.state,
    coalesce(nullif(left(regexp_replace(a.query, '\s+', ' ', 'g'), 120), ''), 'no query')) AS transaction
FROM pg_stat_activity AS a
WHERE a.datname = current_database()
  AND a.pid <> pg_backend_pid()
  AND a.backend_type = 'client backend'
  AND a.xact_start < clock_timestamp() - make_interval(secs => ?)
  AND (a.backend_xid IS NOT NULL OR a.backend_xmin IS NOT NULL
    OR EXISTS (SELECT FROM pg_locks AS l WHERE l.pid = a.pid AND l.locktype = 'relation'))
UNION ALL
SELECT format('prepared transaction %L of %s, open for %s s', p.gid, p.owner,
  extract(epoch FROM clock_timestamp() - p.prepared)::bigint)
FROM pg_prepared_xacts AS p
WHERE p.database = current_database()
  AND p.prepared < clock_timestamp() - make_interval(secs => ?)
