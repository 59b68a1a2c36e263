-- The journal may lose its end when the server crashes; the chain may not, as its head lies elsewhere.
WITH durable AS MATERIALIZED (SELECT set_config('synchronous_commit', 'on', true) AS setting)
INSERT INTO tidemark.audit_entries
  (number, operation_id, stage, operation, change_sets, payload_checksum, reason, outcome, message, recorded_at, actor,
   database_role, client_host, client_pid, program_version, key_id, previous_hash, hash)
SELECT ?, ?::uuid, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz, ?, ?, ?, ?::bigint, ?, ?, ?, ?
FROM durable
WHERE durable.setting = 'on'
