-- What roles other than the owner may do. Where nothing was granted or revoked, Postgres's defaults
-- hold, which for functions and types let everybody in.
WITH objects AS (
  SELECT 'schema' AS kind, NULL::text AS schema, n.nspname::text AS name, NULL::text AS column_name,
    n.nspowner AS owner, COALESCE(n.nspacl, acldefault('n', n.nspowner)) AS acl
  FROM pg_namespace AS n WHERE n.nspname = ANY (?)
  UNION ALL
  SELECT 'relation', n.nspname, c.relname, NULL, c.relowner,
    COALESCE(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND NOT c.relispartition
  UNION ALL
  SELECT 'relation', n.nspname, c.relname, a.attname, c.relowner, a.attacl
  FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = a.attrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE a.attacl IS NOT NULL AND NOT c.relispartition
  UNION ALL
  SELECT 'function', n.nspname,
    p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', NULL, p.proowner,
    COALESCE(p.proacl, acldefault('f', p.proowner))
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
  UNION ALL
  SELECT 'type', n.nspname, t.typname, NULL, t.typowner, COALESCE(t.typacl, acldefault('T', t.typowner))
  FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
)
SELECT o.kind, o.schema, o.name, o.column_name,
  CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee)::text END AS grantee,
  g.privilege_type AS privilege, g.is_grantable AS grantable
FROM objects AS o CROSS JOIN LATERAL aclexplode(o.acl) AS g
WHERE g.grantee <> o.owner AND (o.schema IS NULL OR o.schema = ANY (?))
ORDER BY o.kind, o.schema COLLATE "C", o.name COLLATE "C", o.column_name COLLATE "C" NULLS FIRST,
  pg_get_userbyid(g.grantee) COLLATE "C", g.privilege_type COLLATE "C"
