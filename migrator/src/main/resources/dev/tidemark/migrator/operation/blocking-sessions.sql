SELECT format(
         'session %s of %s (%s%s), %s for %s: %s',
         pid,
         coalesce(usename, 'the server'),
         coalesce(nullif(application_name, ''), backend_type, 'no application name'),
         coalesce(' at ' || client_addr::text, ''),
         coalesce(state, 'at work'),
         coalesce(date_trunc('second', clock_timestamp() - coalesce(xact_start, backend_start))::text, 'a while'),
         coalesce(nullif(left(regexp_replace(query, '\s+', ' ', 'g'), 120), ''), 'query not visible'))
FROM pg_stat_activity
WHERE pid = ANY (pg_blocking_pids(?))
ORDER BY xact_start
LIMIT 3
