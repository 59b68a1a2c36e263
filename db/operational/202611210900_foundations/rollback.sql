DROP FUNCTION isolate_tenants(regclass, name);
DROP FUNCTION refuse_transition();
DROP FUNCTION refuse_truncate();
DROP FUNCTION refuse_delete();
DROP FUNCTION refuse_change();
DROP FUNCTION keep_value();
DROP FUNCTION record_change();
DROP FUNCTION current_organization_id();

-- The roles stay: other databases of the server may use them.
DO $$
BEGIN
  EXECUTE format(
    'REVOKE USAGE ON SCHEMA %I FROM tidemark_service, tidemark_analytics, tidemark_auditor,'
    ' tidemark_extraction, tidemark_migration, tidemark_seeding',
    current_schema);
END;
$$;

-- Those that an administrator made stay.
DO $$
DECLARE
  extension name;
BEGIN
  FOR extension IN
    SELECT extname FROM pg_extension
    WHERE extname IN ('btree_gist', 'pg_trgm') AND extowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
  LOOP
    EXECUTE format('DROP EXTENSION %I', extension);
  END LOOP;
END;
$$;
