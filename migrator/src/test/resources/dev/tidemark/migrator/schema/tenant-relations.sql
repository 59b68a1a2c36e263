-- Tables, partitions, views and materialized views that hold rows of tenants.
SELECT
  c.oid::regclass,
  c.relkind,
  c.relispartition,
  tenant.attname,
  (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
   FROM pg_attribute AS a
   WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
     -- Of a view it is the table below that tells.
     AND NOT EXISTS (
       SELECT FROM pg_attribute AS stored
       WHERE stored.attrelid IN (c.oid, to_regclass(replace(c.relname, 'active_', '')))
         AND stored.attname = a.attname AND stored.attgenerated <> ''))
FROM pg_class AS c JOIN pg_attribute AS tenant ON tenant.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace
  AND c.relkind IN ('r', 'p', 'v', 'm')
  AND tenant.attname = CASE WHEN c.relname IN ('organizations', 'active_organizations') THEN 'id' ELSE 'organization_id' END
ORDER BY c.oid::regclass::text
