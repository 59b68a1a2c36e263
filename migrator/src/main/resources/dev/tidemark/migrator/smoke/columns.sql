-- A value for every column that must have one and has no default; n counts the rows.
SELECT
  quote_ident(attname),
  CASE
    WHEN confrelid IS NOT NULL THEN
      format('(SELECT %I FROM %s OFFSET n %% 20 LIMIT 1)', referred, confrelid::regclass)
    WHEN typtype = 'e' THEN
      (SELECT quote_literal(enumlabel) FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder LIMIT 1)
        || '::' || format_type(t.oid, NULL)
    WHEN typname IN ('int2', 'int4', 'int8', 'numeric', 'float4', 'float8') THEN 'n'
    WHEN typname IN ('text', 'varchar', 'bpchar', 'citext') THEN
      format('left(%L || n, %s)', attname, CASE WHEN atttypmod > 4 THEN atttypmod - 4 ELSE 100 END)
    WHEN typname = 'uuid' THEN 'gen_random_uuid()'
    WHEN typname IN ('timestamptz', 'timestamp', 'date') THEN 'now()'
    WHEN typname = 'bool' THEN 'false'
    WHEN typname IN ('json', 'jsonb') THEN '''{}'''
    WHEN typname = 'bytea' THEN 'sha256(n::text::bytea)'
    WHEN typname IN ('inet', 'cidr') THEN '''127.0.0.1'''
    WHEN typname = 'interval' THEN '''1 hour'''
    WHEN typcategory = 'A' THEN '''{}'''
    ELSE 'NULL'
  END
FROM pg_attribute AS a
  JOIN pg_type AS t ON t.oid = atttypid
  LEFT JOIN LATERAL (
    SELECT confrelid, (SELECT attname FROM pg_attribute
                       WHERE attrelid = confrelid AND attnum = confkey[array_position(conkey, a.attnum)]) AS referred
    FROM pg_constraint
    WHERE conrelid = a.attrelid AND contype = 'f' AND a.attnum = ANY (conkey)
    LIMIT 1
  ) AS reference ON true
WHERE attrelid = ?::regclass
  AND attnum > 0 AND NOT attisdropped AND attnotnull AND NOT atthasdef AND attidentity = ''
ORDER BY attnum
