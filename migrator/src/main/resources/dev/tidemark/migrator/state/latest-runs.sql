SELECT DISTINCT ON (r.change_set)
  r.id, r.operation_id, r.change_set, r.description, r.script, r.statements, r.transactional, r.started_at,
  r.outcome, r.message,
  o.outcome IS NULL AND migrator.pid IS NOT NULL AS at_work,
  worker.pid AS open_process,
  CASE WHEN worker.pid IS NOT NULL THEN
    format(
      'session %s, %s for %s: %s',
      worker.pid,
      coalesce(worker.state, 'at work'),
      coalesce(date_trunc('second', clock_timestamp() - worker.state_change)::text, 'a while'),
      coalesce(nullif(left(regexp_replace(worker.query, '\s+', ' ', 'g'), 120), ''), 'query not visible')) END
    AS open_session
FROM tidemark.runs AS r
  JOIN tidemark.operations AS o ON o.id = r.operation_id
  -- Of other people's sessions a role may not see when they began.
  LEFT JOIN pg_stat_activity AS migrator
    ON migrator.pid = o.session_pid AND coalesce(migrator.backend_start = o.session_started_at, true)
  LEFT JOIN pg_stat_activity AS worker
    ON worker.pid = r.session_pid AND coalesce(worker.backend_start = r.session_started_at, true)
-- A rollback that was undone left everything as it was.
WHERE NOT (r.script = 'rollback' AND r.outcome IS NOT DISTINCT FROM 'undone')
ORDER BY r.change_set, r.id DESC
