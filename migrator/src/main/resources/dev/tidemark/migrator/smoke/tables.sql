SELECT format('%I.%I', nspname, relname)
FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p')
  AND NOT relispartition
  AND nspname NOT IN ('pg_catalog', 'information_schema', 'tidemark', 'tidemark_smoke')
  AND nspname NOT LIKE 'pg\_%'
ORDER BY (SELECT count(*) FROM pg_constraint WHERE conrelid = c.oid AND contype = 'f' AND confrelid <> c.oid), 1
