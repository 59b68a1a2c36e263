-- A service that holds a row is waited for in short turns, so that no queue forms behind us.
SELECT
  set_config('lock_timeout', '1s', false),
  set_config('app.source', 'migration', false),
  set_config('app.rotation_reason', ?, false)
