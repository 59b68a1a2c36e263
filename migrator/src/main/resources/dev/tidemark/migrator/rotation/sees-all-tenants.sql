SELECT
  NOT EXISTS (
    SELECT FROM pg_class
    WHERE pg_table_is_visible(oid) AND relrowsecurity AND row_security_active(oid))
  OR EXISTS (
    SELECT FROM pg_roles
    WHERE rolname = 'tidemark_migration' AND pg_has_role(oid, 'USAGE'))
