DROP FUNCTION refresh_organization_usage_months();
DROP VIEW current_organization_usage_months;
DROP MATERIALIZED VIEW organization_usage_months;
DO $$
DECLARE
  active_view name;
BEGIN
  FOR active_view IN
    SELECT relname FROM pg_class
    WHERE relnamespace = current_schema::regnamespace AND relkind = 'v' AND relname LIKE 'active\_%'
  LOOP
    EXECUTE format('DROP VIEW %I', active_view);
  END LOOP;
END;
$$;
DROP FUNCTION create_active_view(regclass);
