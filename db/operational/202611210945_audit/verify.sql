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
SELECT bool_and(EXISTS (
  SELECT FROM pg_trigger
  WHERE tgrelid = sensitive::regclass AND tgfoid = 'audit_change'::regproc AND tgenabled = 'A'))
FROM unnest(ARRAY[
  'organizations', 'workspaces', 'environments', 'workspace_settings', 'budgets',
  'users', 'permissions', 'roles', 'role_permissions', 'role_bindings', 'api_keys', 'sessions',
  'models', 'model_versions', 'model_deployments', 'model_prices',
  'workflows', 'workflow_versions', 'policies', 'policy_versions', 'policy_bindings',
  'approval_requests', 'approval_decisions', 'provider_keys', 'connector_installations',
  'audit_settings']) AS sensitive;

-- The months to come have their partitions.
SELECT to_regclass('audit_log_entries_' || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '3 months', 'YYYYMM')) IS NOT NULL;

-- All chains are whole.
SELECT NOT EXISTS (SELECT FROM verify_audit_chains());
