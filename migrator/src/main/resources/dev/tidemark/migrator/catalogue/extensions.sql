SELECT extname AS name FROM pg_extension ORDER BY extname COLLATE "C"
