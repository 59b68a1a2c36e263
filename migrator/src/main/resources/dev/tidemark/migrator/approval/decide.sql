INSERT INTO tidemark.approvals (operation_id, change_set, content_checksum, content, decision, actor, expires_at, reason)
VALUES (?, ?, ?, ?, ?, ?, clock_timestamp() + ?::bigint * interval '1 millisecond', ?)
