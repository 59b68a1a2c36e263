UPDATE tidemark.data_steps
SET position = ?,
    batches = batches + 1,
    rows_walked = rows_walked + ?,
    rows_changed = rows_changed + ?,
    worked_ms = worked_ms + ?,
    batch_size = ?,
    share = ?,
    slowed_by = ?,
    updated_at = clock_timestamp()
WHERE change_set = ? AND name = ?
