INSERT INTO tidemark.data_steps (change_set, step_number, name, checksum, rows_expected, batch_size)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (change_set, name) DO NOTHING
