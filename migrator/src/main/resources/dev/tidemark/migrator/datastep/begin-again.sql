UPDATE tidemark.data_steps
SET position = NULL, rows_walked = 0, batches = 0, updated_at = clock_timestamp()
WHERE change_set = ? AND name = ?
