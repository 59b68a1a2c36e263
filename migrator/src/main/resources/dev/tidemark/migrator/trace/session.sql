-- A statement that does not end on a few rows is not going to tell more. What is thrown away need not be on the disk.
SELECT set_config('search_path', 'public', false), set_config('statement_timeout', '60s', false),
  set_config('jit', 'off', false), set_config('synchronous_commit', 'off', false)
