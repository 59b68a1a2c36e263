SELECT number, operation_id::text AS operation_id, stage, operation, change_sets, payload_checksum, reason, outcome, message,
  to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS recorded_at,
  actor, database_role, client_host, client_pid::text AS client_pid, program_version, key_id, previous_hash, hash
FROM tidemark.audit_entries
ORDER BY number, hash
