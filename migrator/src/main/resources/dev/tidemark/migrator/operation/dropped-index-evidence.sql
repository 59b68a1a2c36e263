SELECT indisvalid
FROM pg_index
WHERE indexrelid = to_regclass(?)
