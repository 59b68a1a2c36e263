-- The table records its changes.
SELECT count(*) = 1 FROM pg_trigger
WHERE tgname = 'record_change' AND tgrelid = 'organizations'::regclass;
