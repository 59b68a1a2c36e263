-- Every entity that is deleted softly has its view.
SELECT bool_and(to_regclass('active_' || c.relname) IS NOT NULL)
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relnamespace = current_schema::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND a.attname = 'deleted_at' AND NOT a.attisdropped;

-- The views look with the eyes of their readers.
SELECT bool_and('security_invoker=true' = ANY (reloptions)) FROM pg_class
WHERE relnamespace = current_schema::regnamespace AND relkind = 'v' AND relname LIKE 'active\_%';

-- No role that is bound to a tenant reads what is of all of them.
SELECT NOT bool_or(has_table_privilege(role, 'organization_usage_months', 'SELECT'))
FROM unnest(ARRAY['tidemark_service', 'tidemark_analytics', 'tidemark_auditor']) AS role;
