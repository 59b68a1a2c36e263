-- Everything that a change set can make or leave behind, without oids; one line an object.
WITH spaces AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'tidemark')
    AND nspname NOT LIKE 'pg\_temp%' AND nspname NOT LIKE 'pg\_toast\_temp%'
), lines (line) AS (
  SELECT format('schema %s owner %s privileges %s', nspname, nspowner::regrole, nspacl)
  FROM pg_namespace JOIN spaces USING (oid, nspname)
  UNION ALL
  SELECT format('extension %s %s', extname, extversion) FROM pg_extension
  UNION ALL
  SELECT format('relation %s.%s %s %s owner %s privileges %s options %s bound %s security %s %s comment %s',
           nspname, relname, relkind, relpersistence, relowner::regrole, relacl, reloptions,
           pg_get_expr(relpartbound, c.oid), relrowsecurity, relforcerowsecurity, obj_description(c.oid, 'pg_class'))
  FROM pg_class AS c JOIN spaces ON spaces.oid = relnamespace
  UNION ALL
  SELECT format('view %s.%s: %s', nspname, relname, pg_get_viewdef(c.oid))
  FROM pg_class AS c JOIN spaces ON spaces.oid = relnamespace
  WHERE relkind IN ('v', 'm')
  UNION ALL
  SELECT format('sequence %s.%s %s %s %s %s %s %s', nspname, relname, format_type(seqtypid, NULL), seqstart, seqincrement,
           seqmax, seqmin, seqcycle)
  FROM pg_sequence JOIN pg_class AS c ON c.oid = seqrelid JOIN spaces ON spaces.oid = relnamespace
  UNION ALL
  SELECT format('column %s.%s %s %s null %s default %s generated %s identity %s privileges %s comment %s',
           attrelid::regclass, attname, attnum, format_type(atttypid, atttypmod), NOT attnotnull,
           pg_get_expr(adbin, adrelid), attgenerated, attidentity, attacl, col_description(attrelid, attnum))
  FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = attrelid JOIN spaces ON spaces.oid = relnamespace
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE attnum > 0 AND NOT attisdropped AND relkind <> 'i' AND relkind <> 'I'
  UNION ALL
  SELECT format('index %s valid %s', pg_get_indexdef(indexrelid), indisvalid)
  FROM pg_index JOIN pg_class AS c ON c.oid = indrelid JOIN spaces ON spaces.oid = relnamespace
  UNION ALL
  SELECT format('partition %s of %s detach pending %s', inhrelid::regclass, inhparent::regclass, inhdetachpending)
  FROM pg_inherits JOIN pg_class AS c ON c.oid = inhrelid JOIN spaces ON spaces.oid = relnamespace
  UNION ALL
  SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(c.oid))
  FROM pg_constraint AS c JOIN spaces ON spaces.oid = connamespace
  UNION ALL
  SELECT format('trigger %s %s', tgenabled, pg_get_triggerdef(t.oid))
  FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid JOIN spaces ON spaces.oid = relnamespace
  WHERE NOT tgisinternal
  UNION ALL
  SELECT format('policy %s on %s %s %s roles %s using %s check %s', polname, polrelid::regclass, polcmd, polpermissive,
           polroles::regrole[], pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
  FROM pg_policy JOIN pg_class AS c ON c.oid = polrelid JOIN spaces ON spaces.oid = relnamespace
  UNION ALL
  SELECT format('function %s privileges %s comment %s', pg_get_functiondef(p.oid), proacl,
           obj_description(p.oid, 'pg_proc'))
  FROM pg_proc AS p JOIN spaces ON spaces.oid = pronamespace
  WHERE prokind IN ('f', 'p', 'w')
  UNION ALL
  SELECT format('aggregate %s.%s', nspname, p.oid::regprocedure)
  FROM pg_proc AS p JOIN spaces ON spaces.oid = pronamespace
  WHERE prokind = 'a'
  UNION ALL
  SELECT format('type %s.%s %s labels %s', nspname, typname, typtype,
           (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
  FROM pg_type AS t JOIN spaces ON spaces.oid = typnamespace
)
SELECT regexp_replace(line, '\s+', ' ', 'g') FROM lines ORDER BY line COLLATE "C"
