SELECT n.nspname AS schema, p.proname AS name,
  pg_get_function_identity_arguments(p.oid) AS arguments, p.prokind = 'p' AS procedure,
  pg_get_function_arguments(p.oid) AS signature, pg_get_function_result(p.oid) AS result,
  l.lanname AS language, p.provolatile AS volatility, p.prosecdef AS security_definer,
  p.proisstrict AS strict, p.proleakproof AS leakproof, p.proparallel AS parallel,
  array_to_string(ARRAY(SELECT unnest(p.proconfig) ORDER BY 1), ', ') AS settings,
  COALESCE(pg_get_function_sqlbody(p.oid), p.prosrc) AS body,
  obj_description(p.oid, 'pg_proc') AS comment
FROM pg_proc AS p
  JOIN pg_namespace AS n ON n.oid = p.pronamespace
  JOIN pg_language AS l ON l.oid = p.prolang
WHERE p.prokind IN ('f', 'p') AND n.nspname = ANY (?)
  AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
ORDER BY n.nspname COLLATE "C", p.proname COLLATE "C", pg_get_function_identity_arguments(p.oid) COLLATE "C"
