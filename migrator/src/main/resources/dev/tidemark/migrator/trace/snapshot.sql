-- Every object that a change set can change, with the attributes that tell what was done to it.
-- Attributes are names and values in turn; a null value stands for an attribute that is not there.
-- To put expressions and queries into words is most of the work: chr(1) stands for words whose row of the catalogue is
-- older than the given transaction; a null transaction asks for all.
WITH since AS (
  SELECT coalesce(age(?::text::xid), 2147483647) AS greatest_age
), own_schema AS (
  SELECT oid, nspname
  FROM pg_namespace
  WHERE nspname NOT IN ('information_schema', 'tidemark') AND nspname !~ '^pg_'
), own_relation AS (
  SELECT c.*,
    CASE WHEN s.nspname = 'public' THEN '' ELSE quote_ident(s.nspname) || '.' END || quote_ident(c.relname) AS full_name
  FROM pg_class AS c JOIN own_schema AS s ON s.oid = c.relnamespace
), of_extension AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
)
SELECT 'SCHEMA', oid::bigint, 0, 0::bigint, quote_ident(nspname),
  ARRAY['owner', pg_get_userbyid(nspowner)::text, 'grants', nspacl::text]
FROM pg_namespace WHERE oid IN (SELECT oid FROM own_schema)
UNION ALL
SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED_VIEW'
    WHEN 'c' THEN 'COMPOSITE_TYPE' ELSE 'TABLE' END,
  c.oid::bigint, 0, coalesce(i.inhparent, 0)::bigint, full_name,
  ARRAY[
    'schema', relnamespace::regnamespace::text, 'simple_name', relname::text, 'relation_kind', relkind::text,
    'file', nullif(relfilenode, 0)::text, 'persistence', relpersistence::text,
    'tablespace', reltablespace::text, 'access_method', (SELECT amname::text FROM pg_am WHERE oid = relam),
    'partition', relispartition::text, 'parent_table', i.inhparent::text,
    'row_security', relrowsecurity::text, 'row_security_forced', relforcerowsecurity::text,
    'replica_identity', relreplident::text, 'owner', pg_get_userbyid(relowner)::text, 'grants', relacl::text,
    'options', reloptions::text,
    'definition', CASE WHEN relkind IN ('v', 'm') THEN
      CASE WHEN EXISTS (
          SELECT FROM pg_rewrite AS r WHERE r.ev_class = c.oid AND age(r.xmin) <= (SELECT greatest_age FROM since))
        OR EXISTS (
          SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND age(a.xmin) <= (SELECT greatest_age FROM since))
      THEN pg_get_viewdef(c.oid) ELSE chr(1) END END,
    'secured_tables', CASE WHEN relkind = 'v' THEN (
      SELECT string_agg(DISTINCT t.relname, ', ')
      FROM pg_rewrite AS r
        JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
          AND d.refclassid = 'pg_class'::regclass
        JOIN pg_class AS t ON t.oid = d.refobjid AND t.relrowsecurity
      WHERE r.ev_class = c.oid) END,
    'sequence', (
      SELECT concat_ws(' ', seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle)
      FROM pg_sequence WHERE seqrelid = c.oid),
    'owned_by_column', (
      SELECT refobjid::text || '.' || refobjsubid FROM pg_depend
      WHERE relkind = 'S' AND classid = 'pg_class'::regclass AND objid = c.oid AND deptype IN ('a', 'i')
        AND refobjsubid > 0)]
FROM own_relation AS c
  LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid AND i.inhseqno = 1
WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
  AND ('pg_class'::regclass, c.oid) NOT IN (SELECT * FROM of_extension)
UNION ALL
SELECT 'COLUMN', attrelid::bigint, attnum, attrelid::bigint, quote_ident(attname),
  ARRAY[
    'simple_name', attname::text, 'type', format_type(atttypid, atttypmod), 'type_kind', t.typtype::text,
    'type_name', t.typname::text, 'modifier', atttypmod::text, 'element', nullif(t.typelem, 0)::regtype::text,
    'domain_checked', CASE WHEN t.typtype = 'd' THEN
      (t.typnotnull OR EXISTS (SELECT FROM pg_constraint WHERE contypid = t.oid))::text END,
    'collation', nullif(attcollation, 0)::text,
    'not_null', attnotnull::text, 'identity', nullif(attidentity::text, ''),
    'generated', nullif(attgenerated::text, ''), 'default', CASE WHEN age(pg_attrdef.xmin) <= (SELECT greatest_age FROM since) THEN pg_get_expr(adbin, adrelid)
      WHEN adbin IS NOT NULL THEN chr(1) END,
    'grants', attacl::text, 'length', attlen::text, 'alignment', attalign::text,
    'serial', serial.sequence_id::text]
FROM pg_attribute
  JOIN own_relation AS c ON c.oid = attrelid AND relkind IN ('r', 'p', 'f', 'c')
  JOIN pg_type AS t ON t.oid = atttypid
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  LEFT JOIN (
    SELECT refobjid, refobjsubid, min(objid) AS sequence_id
    FROM pg_depend JOIN pg_sequence ON seqrelid = objid
    WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype = 'a' AND refobjsubid > 0
    GROUP BY refobjid, refobjsubid
  ) AS serial ON serial.refobjid = attrelid AND serial.refobjsubid = attnum
WHERE attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'CONSTRAINT', k.oid::bigint, 0, coalesce(nullif(conrelid, 0), contypid)::bigint, quote_ident(conname),
  ARRAY[
    'type', contype::text, 'validated', convalidated::text, 'columns', array_to_string(conkey, ' '),
    'referenced', nullif(confrelid, 0)::text, 'referenced_columns', array_to_string(confkey, ' '),
    'index', nullif(conindid, 0)::text, 'inherited', (conparentid <> 0 OR coninhcount > 0)::text,
    'definition', CASE WHEN contype = 'c' THEN
      CASE WHEN age(k.xmin) <= (SELECT greatest_age FROM since) THEN pg_get_constraintdef(k.oid) ELSE chr(1) END END]
FROM pg_constraint AS k JOIN own_schema AS s ON s.oid = connamespace
WHERE contype <> 't'
UNION ALL
SELECT 'INDEX', indexrelid::bigint, 0, indrelid::bigint, full_name,
  ARRAY[
    'simple_name', relname::text, 'file', nullif(relfilenode, 0)::text, 'unique', indisunique::text, 'primary', indisprimary::text,
    'valid', indisvalid::text, 'columns', indkey::text, 'key_columns', indnkeyatts::text,
    'partial', (indpred IS NOT NULL)::text, 'tablespace', reltablespace::text,
    'expressions', (indexprs IS NOT NULL)::text, 'access_method', (SELECT amname::text FROM pg_am WHERE oid = relam),
    'inherited', relispartition::text,
    'constraint', k.constraint_id::text]
FROM pg_index
  JOIN own_relation AS c ON c.oid = indexrelid
  LEFT JOIN (
    SELECT conindid, min(oid) AS constraint_id FROM pg_constraint WHERE contype IN ('p', 'u', 'x') GROUP BY conindid
  ) AS k ON k.conindid = indexrelid
UNION ALL
SELECT 'TRIGGER', g.oid::bigint, 0, tgrelid::bigint, quote_ident(tgname),
  ARRAY['enabled', tgenabled::text, 'function', tgfoid::text, 'inherited', (tgparentid <> 0)::text]
FROM pg_trigger AS g JOIN own_relation AS c ON c.oid = tgrelid
WHERE NOT tgisinternal
UNION ALL
SELECT 'POLICY', p.oid::bigint, 0, polrelid::bigint, quote_ident(polname),
  ARRAY['permissive', polpermissive::text, 'command', polcmd::text, 'roles', array_to_string(polroles, ' '),
    'using', CASE WHEN age(p.xmin) <= (SELECT greatest_age FROM since) THEN pg_get_expr(polqual, polrelid)
      WHEN polqual IS NOT NULL THEN chr(1) END,
    'check', CASE WHEN age(p.xmin) <= (SELECT greatest_age FROM since) THEN pg_get_expr(polwithcheck, polrelid)
      WHEN polwithcheck IS NOT NULL THEN chr(1) END]
FROM pg_policy AS p JOIN own_relation AS c ON c.oid = polrelid
UNION ALL
SELECT 'FUNCTION', p.oid::bigint, 0, 0::bigint,
  CASE WHEN s.nspname = 'public' THEN '' ELSE quote_ident(s.nspname) || '.' END || quote_ident(proname)
    || '(' || pg_get_function_identity_arguments(p.oid) || ')',
  ARRAY[
    'schema', s.nspname::text, 'simple_name', proname::text, 'security_definer', prosecdef::text, 'settings', proconfig::text,
    'grants', proacl::text, 'owner', pg_get_userbyid(proowner)::text, 'kind', prokind::text,
    'language', (SELECT lanname::text FROM pg_language WHERE oid = prolang), 'volatility', provolatile::text,
    'parsed', (prosqlbody IS NOT NULL)::text, 'body', coalesce(pg_get_function_sqlbody(p.oid), prosrc)]
FROM pg_proc AS p JOIN own_schema AS s ON s.oid = pronamespace
WHERE ('pg_proc'::regclass, p.oid) NOT IN (SELECT * FROM of_extension)
UNION ALL
SELECT CASE typtype WHEN 'e' THEN 'ENUM' WHEN 'd' THEN 'DOMAIN' ELSE 'RANGE' END, t.oid::bigint, 0, 0::bigint,
  CASE WHEN s.nspname = 'public' THEN '' ELSE quote_ident(s.nspname) || '.' END || quote_ident(typname),
  ARRAY['schema', s.nspname::text, 'simple_name', typname::text, 'owner', pg_get_userbyid(typowner)::text, 'grants', typacl::text,
    'not_null', typnotnull::text, 'default', typdefault]
FROM pg_type AS t JOIN own_schema AS s ON s.oid = typnamespace
WHERE typtype IN ('e', 'd', 'r') AND ('pg_type'::regclass, t.oid) NOT IN (SELECT * FROM of_extension)
UNION ALL
SELECT 'ENUM_VALUE', e.oid::bigint, 0, enumtypid::bigint, quote_literal(enumlabel),
  ARRAY['order', enumsortorder::text,
    'last', (enumsortorder = max(enumsortorder) OVER (PARTITION BY enumtypid))::text]
FROM pg_enum AS e
UNION ALL
SELECT 'EXTENSION', oid::bigint, 0, 0::bigint, quote_ident(extname), ARRAY['version', extversion]
FROM pg_extension
UNION ALL
SELECT 'ROLE', oid::bigint, 0, 0::bigint, quote_ident(rolname),
  ARRAY['superuser', rolsuper::text, 'bypasses_row_security', rolbypassrls::text,
    'creates_roles', rolcreaterole::text, 'creates_databases', rolcreatedb::text,
    'replication', rolreplication::text, 'login', rolcanlogin::text]
FROM pg_roles WHERE rolname !~ '^pg_'
UNION ALL
SELECT 'DEFAULT_GRANTS', d.oid::bigint, 0, 0::bigint,
  concat_ws(' ', 'default privileges of', pg_get_userbyid(defaclrole), 'for', defaclobjtype), ARRAY['grants', defaclacl::text]
FROM pg_default_acl AS d
