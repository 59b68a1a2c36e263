-- All tables of tenants are isolated, for their owner too.
SELECT count(*) = 5 FROM pg_class
WHERE oid IN (
    'organizations'::regclass, 'workspaces'::regclass, 'environments'::regclass,
    'workspace_settings'::regclass, 'budgets'::regclass)
  AND relrowsecurity AND relforcerowsecurity;

-- All of them record their changes.
SELECT count(*) = 5 FROM pg_trigger
WHERE tgname = 'record_change'
  AND tgrelid IN (
    'organizations'::regclass, 'workspaces'::regclass, 'environments'::regclass,
    'workspace_settings'::regclass, 'budgets'::regclass);

-- No organization goes while something belongs to it.
SELECT bool_and(confdeltype = 'r') FROM pg_constraint
WHERE contype = 'f' AND confrelid IN ('organizations'::regclass, 'workspaces'::regclass);

-- Nobody but services asks for the tenant of a URL.
SELECT NOT has_function_privilege('tidemark_analytics', 'find_organization(text)', 'EXECUTE');
