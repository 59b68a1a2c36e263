-- An array a column: one statement for all rows costs the server a fraction of what one a row does.
INSERT INTO tidemark.journal
  (run_id, script, statement_number, statement_hash, transaction_id, started_at,
   ended_at, outcome, affected_rows, attempts, lock_wait_ms, duration_ms, sqlstate, message,
   wal_bytes)
SELECT w.run_id, w.script, w.statement_number, w.statement_hash, w.transaction_id,
   coalesce(w.started_at::timestamptz, clock_timestamp()),
   coalesce(w.ended_at::timestamptz, clock_timestamp()),
   w.outcome, w.affected_rows, w.attempts, w.lock_wait_ms, w.duration_ms, w.sqlstate, w.message,
   pg_wal_lsn_diff(coalesce(w.wal_end::pg_lsn, pg_current_wal_insert_lsn()), w.wal_begin::pg_lsn)
FROM unnest(?::bigint[], ?::text[], ?::integer[], ?::text[], ?::text[], ?::text[],
   ?::text[], ?::text[], ?::bigint[], ?::integer[], ?::bigint[], ?::bigint[], ?::text[], ?::text[],
   ?::text[], ?::text[])
  WITH ORDINALITY AS w (run_id, script, statement_number, statement_hash, transaction_id, started_at,
   ended_at, outcome, affected_rows, attempts, lock_wait_ms, duration_ms, sqlstate, message,
   wal_end, wal_begin, place)
ORDER BY w.place
