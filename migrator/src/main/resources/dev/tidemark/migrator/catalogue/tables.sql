SELECT n.nspname AS schema, c.relname AS name, c.relpersistence = 'u' AS unlogged,
  pg_get_partkeydef(c.oid) AS partition_key, c.relrowsecurity AS row_security,
  c.relforcerowsecurity AS row_security_forced,
  array_to_string(ARRAY(SELECT unnest(c.reloptions) ORDER BY 1), ', ') AS options,
  obj_description(c.oid, 'pg_class') AS comment
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND n.nspname = ANY (?)
  AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
