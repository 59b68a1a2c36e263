-- All three tables are there.
SELECT count(*) = 3 FROM pg_tables
WHERE schemaname = current_schema AND tablename IN ('organizations', 'users', 'api_keys');

-- All three record their changes.
SELECT count(*) = 3 FROM pg_trigger
WHERE tgname = 'record_change'
  AND tgrelid IN ('organizations'::regclass, 'users'::regclass, 'api_keys'::regclass);

-- No organization goes while something belongs to it.
SELECT bool_and(confdeltype = 'r') FROM pg_constraint
WHERE contype = 'f' AND confrelid = 'organizations'::regclass;
