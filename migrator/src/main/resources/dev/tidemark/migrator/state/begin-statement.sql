INSERT INTO tidemark.journal (run_id, script, statement_number, statement_hash, transaction_id, started_at)
VALUES (?, ?, ?, ?, ?, clock_timestamp() - make_interval(secs => ?))
RETURNING id, pg_current_wal_insert_lsn()
