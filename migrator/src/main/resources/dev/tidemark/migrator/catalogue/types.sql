-- Composite types of their own, not those that every table has; no arrays, no multiranges.
SELECT n.nspname AS schema, t.typname AS name, t.typtype AS kind,
  CASE t.typtype
    WHEN 'e' THEN ARRAY(
      SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder)
    WHEN 'd' THEN ARRAY[format_type(t.typbasetype, t.typtypmod)]
      || CASE WHEN t.typnotnull THEN ARRAY['NOT NULL'] ELSE '{}' END
      || CASE WHEN t.typdefault IS NULL THEN '{}' ELSE ARRAY['DEFAULT ' || t.typdefault] END
      || ARRAY(
        SELECT pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contypid = t.oid AND contype = 'c' ORDER BY conname COLLATE "C")
    WHEN 'c' THEN ARRAY(
      SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
      WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped ORDER BY attnum)
    ELSE ARRAY(SELECT format_type(rngsubtype, NULL) FROM pg_range WHERE rngtypid = t.oid)
  END AS parts,
  obj_description(t.oid, 'pg_type') AS comment
FROM pg_type AS t
  JOIN pg_namespace AS n ON n.oid = t.typnamespace
  LEFT JOIN pg_class AS c ON c.oid = t.typrelid
WHERE t.typtype IN ('e', 'd', 'c', 'r') AND (t.typtype <> 'c' OR c.relkind = 'c')
  AND n.nspname = ANY (?)
  AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = t.oid AND deptype = 'e')
ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C"
