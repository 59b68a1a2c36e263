-- Of every table and view that is neither the migrator's own nor an extension's; partitions are as their table is.
SELECT n.nspname, c.relname, a.attname, c.relkind IN ('v', 'm') AS is_view,
  coalesce(k.description, '') AS comment
FROM pg_attribute AS a
  JOIN pg_class AS c ON c.oid = a.attrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_description AS k
    ON k.classoid = 'pg_class'::regclass AND k.objoid = a.attrelid AND k.objsubid = a.attnum
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT (n.nspname = 'tidemark' AND c.relname = ANY (?))
  AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum
