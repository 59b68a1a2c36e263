-- Transactions that have a number, in any database of the server, ours left out. Of other roles' sessions
-- Postgres shows their number but not since when, unless the role is a member of pg_read_all_stats.
SELECT
  backend_xid::text::bigint AS xid,
  xact_start AS since,
  format(
    'session %s of %s in database %s%s%s', pid, coalesce(usename, '?'), coalesce(datname, '?'),
    CASE WHEN application_name <> '' THEN ' (' || application_name || ')' ELSE '' END,
    CASE WHEN state IS NULL THEN '' ELSE ', ' || state END) AS holder,
  format('SELECT pg_terminate_backend(%s)', pid) AS ending,
  clock_timestamp() AS seen
FROM pg_stat_activity
WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
UNION ALL
SELECT
  transaction::text::bigint,
  prepared,
  format('the prepared transaction %L of %s in database %s', gid, owner, database),
  format('ROLLBACK PREPARED %L in database %s', gid, database),
  clock_timestamp()
FROM pg_prepared_xacts
