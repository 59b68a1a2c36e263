-- Not-null constraints are a property of their column; before version 18 they are not here at all.
SELECT n.nspname AS schema, c.relname AS relation, k.conname AS name, k.contype AS kind,
  pg_get_constraintdef(k.oid) AS definition, k.convalidated AS validated,
  ARRAY(
    SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
      JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number
    ORDER BY u.place) AS columns,
  rn.nspname AS referenced_schema, r.relname AS referenced_relation,
  ARRAY(
    SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place)
      JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.number
    ORDER BY u.place) AS referenced_columns,
  k.confdeltype AS on_delete, k.confupdtype AS on_update
FROM pg_constraint AS k
  JOIN pg_class AS c ON c.oid = k.conrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_class AS r ON r.oid = k.confrelid
  LEFT JOIN pg_namespace AS rn ON rn.oid = r.relnamespace
WHERE NOT c.relispartition AND n.nspname = ANY (?) AND k.contype IN ('p', 'u', 'f', 'c', 'x')
  -- References to a partition that Postgres adds to those to its parent.
  AND NOT (k.contype = 'f' AND k.conparentid <> 0)
ORDER BY c.oid, position(k.contype IN 'puxfc'), k.conname COLLATE "C"
