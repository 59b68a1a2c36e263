SELECT
  c.oid::regclass::text AS table_name,
  quote_ident(a.attname) AS key_name,
  format_type(a.atttypid, NULL) AS key_type,
  a.attnotnull AS never_null,
  EXISTS (
    SELECT
    FROM pg_index AS i
      JOIN pg_class AS index_class ON index_class.oid = i.indexrelid
      JOIN pg_am AS method ON method.oid = index_class.relam
    WHERE i.indrelid = c.oid
      AND i.indkey[0] = a.attnum
      AND i.indisvalid
      AND i.indpred IS NULL
      AND method.amname = 'btree') AS indexed
FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.oid = to_regclass(?)
  AND c.relkind IN ('r', 'p')
  AND a.attname = ?
