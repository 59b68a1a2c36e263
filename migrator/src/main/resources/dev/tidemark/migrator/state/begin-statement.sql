INSERT INTO tidemark.journal (run_id, script, statement_number, statement_hash, transaction_id, started_at)
VALUES (?, ?, ?, ?, ?, coalesce(?::timestamptz, clock_timestamp()))
RETURNING id, pg_current_wal_insert_lsn()
