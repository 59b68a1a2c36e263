SELECT r.change_set, r.description, j.script, j.statement_number, j.statement_hash,
  to_char(j.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS started_at,
  to_char(j.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ended_at,
  j.outcome, j.affected_rows, j.attempts, j.lock_wait_ms, j.wal_bytes, j.duration_ms, j.sqlstate, j.message
FROM tidemark.journal AS j
  JOIN tidemark.runs AS r ON r.id = j.run_id
WHERE r.operation_id = ?
ORDER BY j.id
