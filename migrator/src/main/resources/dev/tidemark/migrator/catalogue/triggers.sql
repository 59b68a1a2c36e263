SELECT n.nspname AS schema, c.relname AS relation, t.tgname AS name, t.tgenabled AS enabled,
  pg_get_triggerdef(t.oid) AS definition, t.tgtype & 16 <> 0 AS on_update,
  fn.nspname AS function_schema, f.proname AS function
FROM pg_trigger AS t
  JOIN pg_class AS c ON c.oid = t.tgrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_proc AS f ON f.oid = t.tgfoid
  JOIN pg_namespace AS fn ON fn.oid = f.pronamespace
WHERE NOT t.tgisinternal AND NOT c.relispartition AND n.nspname = ANY (?)
ORDER BY c.oid, t.tgname COLLATE "C"
