-- What functions mean by a name is never a temporary table of their caller.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

CREATE FUNCTION create_active_view(entity regclass) RETURNS void
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  entity_name text := (SELECT relname FROM pg_class WHERE oid = entity);
  view_name text := 'active_' || entity_name;
  columns text := (
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
    FROM pg_attribute WHERE attrelid = entity AND attnum > 0 AND NOT attisdropped AND attname <> 'deleted_at');
  field record;
  reader name;
BEGIN
  EXECUTE format(
    'CREATE VIEW %I WITH (security_invoker = true) AS SELECT %s FROM %s WHERE deleted_at IS NULL',
    view_name, columns, entity);
  EXECUTE format(
    'COMMENT ON VIEW %I IS %L', view_name, format('Rows of %s that are not deleted', entity_name));
  FOR field IN
    SELECT attname, col_description(entity, attnum) AS comment FROM pg_attribute
    WHERE attrelid = entity AND attnum > 0 AND NOT attisdropped AND attname <> 'deleted_at'
  LOOP
    EXECUTE format('COMMENT ON COLUMN %I.%I IS %L', view_name, field.attname, field.comment);
  END LOOP;
  -- The view asks for what it reads with its reader's own rights.
  FOREACH reader IN ARRAY ARRAY[
    'tidemark_service', 'tidemark_analytics', 'tidemark_auditor', 'tidemark_extraction', 'tidemark_migration',
    'tidemark_seeding']
  LOOP
    IF has_table_privilege(reader, entity, 'SELECT') THEN
      EXECUTE format('GRANT SELECT ON %I TO %I', view_name, reader);
    END IF;
  END LOOP;
END;
$$;
COMMENT ON FUNCTION create_active_view(regclass) IS
  'Makes the view active_<table> of a table with deleted_at: all its other columns and their comments, for the roles that may read the whole table';
REVOKE EXECUTE ON FUNCTION create_active_view(regclass) FROM PUBLIC;

SELECT create_active_view(c.oid::regclass)
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relnamespace = current_schema::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND a.attname = 'deleted_at' AND NOT a.attisdropped
ORDER BY c.relname;

-- Sums are numeric: one tenant's numbers that overflow would end the refresh for all.
CREATE MATERIALIZED VIEW organization_usage_months AS
SELECT
  organization_id,
  (window_start AT TIME ZONE 'UTC')::date AS usage_month,
  sum(request_count) AS request_count,
  sum(error_count) AS error_count,
  sum(input_tokens) AS input_tokens,
  sum(cached_input_tokens) AS cached_input_tokens,
  sum(output_tokens) AS output_tokens,
  (sum(cost_nano_usd) / 1000000000)::numeric(38, 4) AS cost_usd,
  max(revised_at) AS revised_at,
  min(data_as_of) AS data_as_of
FROM usage_summaries
WHERE grain = 'month'
GROUP BY organization_id, usage_month;
CREATE UNIQUE INDEX uq_organization_usage_months_organization_id_usage_month
  ON organization_usage_months (organization_id, usage_month);
CREATE INDEX idx_organization_usage_months_usage_month ON organization_usage_months (usage_month);

COMMENT ON MATERIALIZED VIEW organization_usage_months IS
  'What each organization used in each month, of all organizations; as fresh as the last refresh_organization_usage_months()';
COMMENT ON COLUMN organization_usage_months.organization_id IS 'The organization that pays, an organizations.id';
COMMENT ON COLUMN organization_usage_months.usage_month IS 'The month, date of its first day in UTC';
COMMENT ON COLUMN organization_usage_months.request_count IS 'Requests, number';
COMMENT ON COLUMN organization_usage_months.error_count IS 'Those that did not end in success, number';
COMMENT ON COLUMN organization_usage_months.input_tokens IS 'Tokens read, cached ones included; number of tokens';
COMMENT ON COLUMN organization_usage_months.cached_input_tokens IS 'Those of input_tokens that came from a cache; number of tokens';
COMMENT ON COLUMN organization_usage_months.output_tokens IS 'Tokens written; number of tokens';
COMMENT ON COLUMN organization_usage_months.cost_usd IS 'What the requests cost, US dollars';
COMMENT ON COLUMN organization_usage_months.revised_at IS 'When a number of the month was last changed in the lake, instant';
COMMENT ON COLUMN organization_usage_months.data_as_of IS 'Events that were landed by then are counted in every row of the month, instant';

-- A materialized view has no policies: tenants go through this view, whose rights are its owner's.
CREATE VIEW current_organization_usage_months WITH (security_barrier = true) AS
SELECT
  organization_id, usage_month, request_count, error_count, input_tokens, cached_input_tokens, output_tokens, cost_usd,
  revised_at, data_as_of
FROM organization_usage_months
WHERE organization_id = (SELECT current_organization_id());
COMMENT ON VIEW current_organization_usage_months IS 'What the session''s tenant used in each month; as fresh as the last refresh';
COMMENT ON COLUMN current_organization_usage_months.organization_id IS 'The tenant, an organizations.id';
COMMENT ON COLUMN current_organization_usage_months.usage_month IS 'The month, date of its first day in UTC';
COMMENT ON COLUMN current_organization_usage_months.request_count IS 'Requests, number';
COMMENT ON COLUMN current_organization_usage_months.error_count IS 'Those that did not end in success, number';
COMMENT ON COLUMN current_organization_usage_months.input_tokens IS 'Tokens read, cached ones included; number of tokens';
COMMENT ON COLUMN current_organization_usage_months.cached_input_tokens IS 'Those of input_tokens that came from a cache; number of tokens';
COMMENT ON COLUMN current_organization_usage_months.output_tokens IS 'Tokens written; number of tokens';
COMMENT ON COLUMN current_organization_usage_months.cost_usd IS 'What the requests cost, US dollars';
COMMENT ON COLUMN current_organization_usage_months.revised_at IS 'When a number of the month was last changed in the lake, instant';
COMMENT ON COLUMN current_organization_usage_months.data_as_of IS 'Events that were landed by then are counted in every row of the month, instant';

CREATE FUNCTION refresh_organization_usage_months() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  REFRESH MATERIALIZED VIEW CONCURRENTLY organization_usage_months;
END;
$$;
COMMENT ON FUNCTION refresh_organization_usage_months() IS
  'Brings organization_usage_months up to date while it is read; for a scheduler, once an hour after the pipeline has published';
REVOKE EXECUTE ON FUNCTION refresh_organization_usage_months() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_organization_usage_months()
  TO tidemark_extraction, tidemark_migration, tidemark_seeding;

GRANT SELECT ON organization_usage_months TO tidemark_extraction, tidemark_migration, tidemark_seeding;
GRANT SELECT ON current_organization_usage_months TO tidemark_service, tidemark_analytics;
