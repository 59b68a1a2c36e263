INSERT INTO tidemark.journal
  (run_id, script, statement_number, statement_hash, transaction_id, started_at,
   ended_at, outcome, affected_rows, attempts, lock_wait_ms, duration_ms, sqlstate, message,
   wal_bytes)
VALUES (?, ?, ?, ?, ?, coalesce(?::timestamptz, clock_timestamp()),
   coalesce(?::timestamptz, clock_timestamp()), ?, ?, ?, ?, ?, ?, ?,
   pg_wal_lsn_diff(coalesce(?::pg_lsn, pg_current_wal_insert_lsn()), ?::pg_lsn))
