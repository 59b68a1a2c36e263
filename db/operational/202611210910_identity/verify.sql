-- All tables of tenants are isolated, for their owner too.
SELECT count(*) = 4 FROM pg_class
WHERE oid IN ('users'::regclass, 'role_bindings'::regclass, 'api_keys'::regclass, 'sessions'::regclass)
  AND relrowsecurity AND relforcerowsecurity;

-- The built-in roles are there, and each allows something.
SELECT count(DISTINCT r.name) = 5
FROM roles AS r JOIN role_permissions AS p ON p.role_id = r.id
WHERE r.name IN ('WorkspaceAdmin', 'Operator', 'Approver', 'Auditor', 'IntegrationAdmin');

-- Only services authenticate.
SELECT bool_and(has_function_privilege(role, function, 'EXECUTE') = (role = 'tidemark_service'))
FROM unnest(ARRAY['authenticate_api_key(bytea)', 'authenticate_session(bytea)']) AS function,
  unnest(ARRAY['tidemark_service', 'tidemark_analytics', 'tidemark_auditor', 'tidemark_extraction']) AS role;
