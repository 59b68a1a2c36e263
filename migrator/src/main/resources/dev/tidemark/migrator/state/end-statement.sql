UPDATE tidemark.journal
SET ended_at = coalesce(?::timestamptz, clock_timestamp()),
    outcome = ?,
    affected_rows = ?,
    attempts = ?,
    lock_wait_ms = ?,
    duration_ms = ?,
    sqlstate = ?,
    message = ?,
    wal_bytes = pg_wal_lsn_diff(coalesce(?::pg_lsn, pg_current_wal_insert_lsn()), ?::pg_lsn)
WHERE id = ?
