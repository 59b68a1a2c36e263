-- The roles are there, and none of them logs in or is above the rules.
SELECT count(*) = 6 FROM pg_roles
WHERE rolname IN (
    'tidemark_service', 'tidemark_analytics', 'tidemark_auditor',
    'tidemark_extraction', 'tidemark_migration', 'tidemark_seeding')
  AND NOT (rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole);

-- Whoever applies change sets sees the rows of all tenants.
SELECT pg_has_role(current_user, 'tidemark_migration', 'USAGE');

-- Without a tenant nothing is seen.
SELECT set_config('app.organization_id', '', true) = '' AND current_organization_id() IS NULL;
