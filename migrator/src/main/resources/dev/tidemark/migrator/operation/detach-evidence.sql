SELECT inhdetachpending
FROM pg_inherits
WHERE inhparent = to_regclass(?) AND inhrelid = to_regclass(?)
