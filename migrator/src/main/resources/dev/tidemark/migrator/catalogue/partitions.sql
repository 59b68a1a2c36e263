SELECT rn.nspname AS schema, r.relname AS relation, c.oid::regclass::text AS name,
  pg_get_expr(c.relpartbound, c.oid) AS bound, c.relrowsecurity AS row_security,
  c.relforcerowsecurity AS row_security_forced,
  EXISTS (
    SELECT FROM aclexplode(c.relacl) AS g WHERE g.grantee <> c.relowner) AS granted,
  ARRAY(
    SELECT x.indexrelid::regclass::text FROM pg_index AS x
    WHERE x.indrelid = c.oid AND NOT (x.indisvalid AND x.indisready AND x.indislive)
    ORDER BY 1) AS invalid_indexes
FROM pg_class AS c
  JOIN pg_class AS r ON r.oid = pg_partition_root(c.oid)
  JOIN pg_namespace AS rn ON rn.oid = r.relnamespace
WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f') AND rn.nspname = ANY (?)
ORDER BY r.oid, c.relname COLLATE "C"
