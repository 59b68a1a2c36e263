-- Whether row-level security hides rows of a partitioned table, or runs, from the user.
SELECT EXISTS (
    SELECT FROM pg_class
    WHERE pg_table_is_visible(oid) AND (relkind = 'p' OR relname = 'runs') AND row_security_active(oid))
  AND NOT EXISTS (
    SELECT FROM pg_roles
    WHERE rolname = 'tidemark_migration' AND pg_has_role(oid, 'USAGE'))
