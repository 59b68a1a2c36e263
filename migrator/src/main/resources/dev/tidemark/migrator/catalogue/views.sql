SELECT n.nspname AS schema, c.relname AS name, c.relkind = 'm' AS materialized,
  array_to_string(ARRAY(SELECT unnest(c.reloptions) ORDER BY 1), ', ') AS options,
  pg_get_viewdef(c.oid) AS definition, obj_description(c.oid, 'pg_class') AS comment,
  ARRAY(
    SELECT DISTINCT s.oid::regclass::text COLLATE "C"
    FROM pg_rewrite AS w
      JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
      JOIN pg_class AS s ON d.refclassid = 'pg_class'::regclass AND s.oid = d.refobjid
    WHERE w.ev_class = c.oid AND s.oid <> c.oid ORDER BY 1) AS reads
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND n.nspname = ANY (?)
  AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
