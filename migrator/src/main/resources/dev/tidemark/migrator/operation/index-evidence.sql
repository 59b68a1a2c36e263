SELECT format('%I.%I', nspname, c.relname), indisvalid
FROM pg_index
  JOIN pg_class AS c ON c.oid = indexrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relname = (parse_ident(?))[array_upper(parse_ident(?), 1)]
  AND indrelid = to_regclass(?)
