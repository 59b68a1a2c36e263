INSERT INTO tidemark.operations (id, kind, actor, client_host, client_pid, session_pid, session_started_at, reason)
SELECT ?, ?, ?, ?, ?, pid, backend_start, ?
FROM pg_stat_activity
WHERE pid = pg_backend_pid()
