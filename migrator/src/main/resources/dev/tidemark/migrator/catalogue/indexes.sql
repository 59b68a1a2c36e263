SELECT n.nspname AS schema, c.relname AS relation, i.relname AS name, x.indisunique AS is_unique,
  x.indisvalid AND x.indisready AND x.indislive AS valid, am.amname AS method,
  ARRAY(
    SELECT pg_get_indexdef(x.indexrelid, place, false)
    FROM generate_series(1, x.indnkeyatts) AS place ORDER BY place) AS keys,
  pg_get_expr(x.indpred, x.indrelid) AS predicate, pg_get_indexdef(x.indexrelid) AS definition,
  EXISTS (
    SELECT FROM pg_constraint AS k
    WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')) AS of_constraint
FROM pg_index AS x
  JOIN pg_class AS i ON i.oid = x.indexrelid
  JOIN pg_am AS am ON am.oid = i.relam
  JOIN pg_class AS c ON c.oid = x.indrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT c.relispartition AND n.nspname = ANY (?)
ORDER BY c.oid, i.relname COLLATE "C"
