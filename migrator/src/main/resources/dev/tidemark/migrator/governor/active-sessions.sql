-- Of other roles' sessions, whoever is no member of pg_read_all_stats sees that they are there, not what they do.
SELECT
  count(*) FILTER (WHERE state = 'active') AS active,
  count(*) FILTER (WHERE state IS NULL AND backend_type IS NULL) AS hidden
FROM pg_stat_activity
WHERE pid <> pg_backend_pid()
  AND application_name IS DISTINCT FROM current_setting('application_name')
  AND coalesce(backend_type, 'client backend') = 'client backend'
  -- Processes of the server itself belong to no database, and those of a hidden type may be among them.
  AND datid IS NOT NULL
