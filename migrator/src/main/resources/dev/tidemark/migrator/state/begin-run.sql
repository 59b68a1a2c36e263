INSERT INTO tidemark.runs
  (operation_id, change_set, description, script, checksum, statements, transactional, session_pid, session_started_at,
   catalogue)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
RETURNING id
