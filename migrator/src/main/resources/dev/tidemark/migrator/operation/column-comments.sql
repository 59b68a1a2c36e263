-- Of every table and view that is neither the migrator's own nor an extension's; partitions are as their table is.
SELECT n.nspname, c.relname, a.attname, c.relkind IN ('v', 'm') AS is_view,
  coalesce(col_description(c.oid, a.attnum), '') AS comment
FROM pg_attribute AS a
  JOIN pg_class AS c ON c.oid = a.attrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT (n.nspname = 'tidemark' AND c.relname = ANY (?))
  AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum
