-- Everything that a change set can make or leave behind, without oids; one line each.
WITH spaces AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'tidemark')
    AND nspname NOT LIKE 'pg_temp%' AND nspname NOT LIKE 'pg_toast_temp%'
)
SELECT format('relation %s.%s %s %s options %s bound %s comment %s', nspname, relname, relkind, relpersistence,
         reloptions, pg_get_expr(relpartbound, c.oid), obj_description(c.oid, 'pg_class'))
FROM pg_class AS c JOIN spaces ON spaces.oid = relnamespace
UNION ALL
SELECT format('column %s.%s %s %s null %s default %s comment %s', attrelid::regclass, attname, attnum,
         format_type(atttypid, atttypmod), NOT attnotnull, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum))
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
SELECT format('trigger %s %s', tgenabled, pg_get_triggerdef(t.oid))
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid JOIN spaces ON spaces.oid = relnamespace
WHERE NOT tgisinternal
UNION ALL
SELECT format('function %s comment %s', pg_get_functiondef(p.oid), obj_description(p.oid, 'pg_proc'))
FROM pg_proc AS p JOIN spaces ON spaces.oid = pronamespace
WHERE prokind IN ('f', 'p')
UNION ALL
SELECT format('type %s.%s %s labels %s', nspname, typname, typtype,
         (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
FROM pg_type AS t JOIN spaces ON spaces.oid = typnamespace
ORDER BY 1
