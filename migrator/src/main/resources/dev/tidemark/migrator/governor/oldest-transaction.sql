-- What an open transaction may still have to see, vacuum cannot clear away.
WITH others AS (
  SELECT xact_start, backend_type
  FROM pg_stat_activity
  WHERE pid <> pg_backend_pid()
    AND datname = current_database()
    AND application_name IS DISTINCT FROM current_setting('application_name')
    AND coalesce(backend_type, 'client backend') = 'client backend'
)
SELECT
  coalesce(
    extract(epoch FROM clock_timestamp() - least(
      (SELECT min(xact_start) FROM others),
      (SELECT min(prepared) FROM pg_prepared_xacts WHERE database = current_database()))),
    0) AS seconds,
  (SELECT count(*) FROM others WHERE backend_type IS NULL) AS hidden
