SELECT change_set, step_number, name, checksum, position, batches, rows_walked, rows_changed, rows_expected, batch_size,
  slowed_by, finished_at IS NOT NULL AS finished
FROM tidemark.data_steps
