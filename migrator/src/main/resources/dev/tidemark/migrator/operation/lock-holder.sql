SELECT format(
         'session %s of %s%s holds the migrator''s lock since %s',
         a.pid,
         coalesce(a.usename, 'another user'),
         coalesce(' at ' || a.client_addr::text, ''),
         coalesce(to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'), 'some time ago'))
FROM pg_locks AS l
  JOIN pg_stat_activity AS a USING (pid)
WHERE l.locktype = 'advisory'
  AND l.granted
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.classid = ?::oid
  AND l.objid = ?::oid
  AND l.objsubid = 2
