SELECT format('%I.%I', nspname, relname)
FROM pg_index
  JOIN pg_class AS c ON c.oid = indexrelid
  JOIN pg_namespace AS n ON n.oid = relnamespace
WHERE NOT indisvalid AND relkind = 'i' AND strpos(?, relname) > 0
