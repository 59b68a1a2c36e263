-- What REINDEX CONCURRENTLY leaves beside the index or the indexes of the table that it was given.
SELECT format('%I.%I', nspname, c.relname)
FROM pg_index
  JOIN pg_class AS c ON c.oid = indexrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT indisvalid
  AND c.relname ~ '_cc(new|old)[0-9]*$'
  AND (indrelid = to_regclass(?)
    OR indrelid = (SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass(?)))
