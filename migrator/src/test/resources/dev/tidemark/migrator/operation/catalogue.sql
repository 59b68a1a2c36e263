-- Everything that a change set can make or leave behind, without oids; one line each.
WITH spaces AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'tidemark')
    AND nspname NOT LIKE 'pg_temp%' AND nspname NOT LIKE 'pg_toast_temp%'
)
SELECT format('relation %s.%s %s %s options %s bound %s security %s %s grants %s view %s comment %s', nspname, relname,
         relkind, relpersistence, reloptions, pg_get_expr(relpartbound, c.oid), relrowsecurity, relforcerowsecurity,
         relacl, CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, obj_description(c.oid, 'pg_class'))
FROM pg_class AS c JOIN spaces ON spaces.oid = relnamespace
UNION ALL
SELECT format('column %s.%s %s %s null %s default %s grants %s comment %s', attrelid::regclass, attname, attnum,
         format_type(atttypid, atttypmod), NOT attnotnull, pg_get_expr(adbin, adrelid), attacl, col_description(attrelid, attnum))
FROM pg_attribute AS a
  JOIN pg_class AS c ON c.oid = attrelid JOIN spaces ON spaces.oid = relnamespace
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attnum > 0
UNION ALL
SELECT format('index %s', pg_get_indexdef(indexrelid))
FROM pg_index JOIN pg_class AS c ON c.oid = indrelid JOIN spaces ON spaces.oid = relnamespace
UNION ALL
SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(c.oid))
FROM pg_constraint AS c JOIN spaces ON spaces.oid = connamespace
UNION ALL
SELECT format('trigger %s %s comment %s', tgenabled, pg_get_triggerdef(t.oid), obj_description(t.oid, 'pg_trigger'))
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid JOIN spaces ON spaces.oid = relnamespace
WHERE NOT tgisinternal
UNION ALL
SELECT format('policy %s on %s %s permissive %s to %s using %s check %s comment %s', polname, polrelid::regclass, polcmd,
         polpermissive, polroles::regrole[], pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid),
         obj_description(p.oid, 'pg_policy'))
FROM pg_policy AS p JOIN pg_class AS c ON c.oid = polrelid JOIN spaces ON spaces.oid = relnamespace
UNION ALL
SELECT format('function %s grants %s comment %s', pg_get_functiondef(p.oid), proacl, obj_description(p.oid, 'pg_proc'))
FROM pg_proc AS p JOIN spaces ON spaces.oid = pronamespace
WHERE prokind IN ('f', 'p')
UNION ALL
SELECT format('type %s.%s %s labels %s comment %s', nspname, typname, typtype,
         (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
         obj_description(t.oid, 'pg_type'))
FROM pg_type AS t JOIN spaces ON spaces.oid = typnamespace
UNION ALL
SELECT format('statistics %s', pg_get_statisticsobjdef(s.oid))
FROM pg_statistic_ext AS s JOIN spaces ON spaces.oid = stxnamespace
UNION ALL
-- What was never granted and what was granted and taken back look different and are the same.
SELECT format('schema %s grants %s', nspname, acl)
FROM spaces JOIN pg_namespace AS n USING (oid, nspname),
  aclexplode(coalesce(nspacl, acldefault('n', nspowner))) AS acl
UNION ALL
SELECT format('extension %s', extname) FROM pg_extension
ORDER BY 1
