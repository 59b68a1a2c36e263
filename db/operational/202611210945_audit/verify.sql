-- Every partition refuses what the log refuses, whatever the session's replication role.
SELECT count(*) = 2 * (SELECT count(*) FROM pg_partition_tree('audit_log_entries'))
FROM pg_trigger
WHERE tgrelid IN (SELECT relid FROM pg_partition_tree('audit_log_entries'))
  AND tgname IN ('refuse_audit_change', 'refuse_truncate') AND tgenabled = 'A';

-- Every partition is isolated, for its owner too.
SELECT bool_and(relrowsecurity AND relforcerowsecurity)
FROM pg_class WHERE oid IN (SELECT relid FROM pg_partition_tree('audit_log_entries'));

-- Nobody is granted to write to the log; entries come from the functions.
SELECT NOT bool_or(has_table_privilege(role, 'audit_log_entries', 'INSERT, UPDATE, DELETE, TRUNCATE'))
FROM unnest(ARRAY[
  'tidemark_service', 'tidemark_analytics', 'tidemark_auditor', 'tidemark_extraction', 'tidemark_migration',
  'tidemark_seeding']) AS role;

-- Sensitive tables are watched, whatever the session's replication role.
SELECT count(*) = 24 FROM pg_trigger
WHERE tgfoid = 'audit_change'::regproc AND tgenabled = 'A'
  AND tgrelid IN (
    'organizations'::regclass, 'workspaces'::regclass, 'environments'::regclass, 'workspace_settings'::regclass,
    'budgets'::regclass, 'users'::regclass, 'permissions'::regclass, 'roles'::regclass, 'role_permissions'::regclass,
    'role_bindings'::regclass, 'api_keys'::regclass, 'sessions'::regclass, 'models'::regclass,
    'model_versions'::regclass, 'model_deployments'::regclass, 'model_prices'::regclass,
    'workflow_versions'::regclass, 'policies'::regclass, 'policy_versions'::regclass, 'policy_bindings'::regclass,
    'approval_decisions'::regclass, 'provider_keys'::regclass, 'connector_installations'::regclass,
    'audit_settings'::regclass);

-- The months to come have their partitions.
SELECT to_regclass('audit_log_entries_' || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '3 months', 'YYYYMM')) IS NOT NULL;

-- All chains are whole.
SELECT NOT EXISTS (SELECT FROM verify_audit_chains());
