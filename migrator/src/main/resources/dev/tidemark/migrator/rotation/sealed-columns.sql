-- Every column named *_ciphertext, with the column that names its key and, for addresses, the one
-- that holds the hash.
SELECT
  t.relname AS table_name,
  c.attname AS ciphertext,
  (SELECT k.attname
   FROM pg_attribute AS k
   WHERE k.attrelid = t.oid
     AND NOT k.attisdropped
     AND k.attname IN (regexp_replace(c.attname, '_ciphertext$', '_key_id'), 'encryption_key_id')
   ORDER BY k.attname = 'encryption_key_id'
   LIMIT 1) AS key_id,
  (SELECT h.attname
   FROM pg_attribute AS h
   WHERE h.attrelid = t.oid
     AND NOT h.attisdropped
     AND h.attname = regexp_replace(c.attname, '_ciphertext$', '_hmac')) AS hash
FROM pg_class AS t
  JOIN pg_attribute AS c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
WHERE pg_table_is_visible(t.oid)
  AND t.relkind IN ('r', 'p')
  AND NOT t.relispartition
  AND c.attname LIKE '%\_ciphertext'
ORDER BY 1, 2
