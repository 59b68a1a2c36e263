-- Both record their changes.
SELECT count(*) = 2 FROM pg_trigger
WHERE tgname = 'record_change' AND tgrelid IN ('users'::regclass, 'api_keys'::regclass);
