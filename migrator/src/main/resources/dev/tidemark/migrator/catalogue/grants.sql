-- What roles other than the owner may do. Where nothing was granted or revoked, Postgres's defaults
-- hold, which for functions and types let everybody in. Schemas are chosen before functions are put into words.
WITH schemas AS (
  SELECT n.oid, n.nspname::text AS name, n.nspowner AS owner, n.nspacl AS acl
  FROM pg_namespace AS n WHERE n.nspname = ANY (?)
), objects AS (
  SELECT 'schema' AS kind, NULL::text AS schema, n.name, NULL::text AS column_name, n.owner,
    COALESCE(n.acl, acldefault('n', n.owner)) AS acl
  FROM schemas AS n
  UNION ALL
  SELECT 'relation', n.name, c.relname, NULL, c.relowner,
    COALESCE(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))
  FROM pg_class AS c JOIN schemas AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND NOT c.relispartition
  UNION ALL
  SELECT 'relation', n.name, c.relname, a.attname, c.relowner, a.attacl
  FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = a.attrelid
    JOIN schemas AS n ON n.oid = c.relnamespace
  WHERE a.attacl IS NOT NULL AND NOT c.relispartition
  UNION ALL
  SELECT 'function', n.name,
    p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', NULL, p.proowner,
    COALESCE(p.proacl, acldefault('f', p.proowner))
  FROM pg_proc AS p JOIN schemas AS n ON n.oid = p.pronamespace
  UNION ALL
  SELECT 'type', n.name, t.typname, NULL, t.typowner, COALESCE(t.typacl, acldefault('T', t.typowner))
  FROM pg_type AS t JOIN schemas AS n ON n.oid = t.typnamespace
)
SELECT o.kind, o.schema, o.name, o.column_name,
  CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee)::text END AS grantee,
  g.privilege_type AS privilege, g.is_grantable AS grantable
FROM objects AS o CROSS JOIN LATERAL aclexplode(o.acl) AS g
WHERE g.grantee <> o.owner
ORDER BY o.kind, o.schema COLLATE "C", o.name COLLATE "C", o.column_name COLLATE "C" NULLS FIRST,
  pg_get_userbyid(g.grantee) COLLATE "C", g.privilege_type COLLATE "C"
