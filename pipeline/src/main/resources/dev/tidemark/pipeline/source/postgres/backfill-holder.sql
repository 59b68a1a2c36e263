SELECT format(
         'session %s of %s has been at it since %s',
         a.pid,
         coalesce(a.usename, 'another user'),
         coalesce(to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'), 'some time ago'))
FROM pg_locks AS l
  JOIN pg_stat_activity AS a USING (pid)
WHERE l.locktype = 'advisory'
  AND l.granted
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.classid = (hashtext('tidemark')::bigint & 4294967295)::oid
  AND l.objid = 90
  AND l.objsubid = 2
