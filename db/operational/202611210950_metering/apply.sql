-- What functions mean by a name is never a temporary table of their caller.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

CREATE TYPE usage_grain AS ENUM ('hour', 'day', 'month');
COMMENT ON TYPE usage_grain IS 'How long a window of usage is; by the calendar in UTC';

CREATE TABLE metering_kinds (
  code varchar(50) NOT NULL,
  label varchar(255) NOT NULL,
  description text NOT NULL,
  unit varchar(50) NOT NULL,
  sort_order integer NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  CONSTRAINT metering_kinds_pkey PRIMARY KEY (code),
  CONSTRAINT metering_kinds_code_is_name CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  CONSTRAINT metering_kinds_label_not_blank CHECK (label ~ '\S'),
  CONSTRAINT metering_kinds_unit_is_name CHECK (unit ~ '^[a-z][a-z0-9_]*$')
);
CREATE TRIGGER keep_unit BEFORE UPDATE ON metering_kinds
  FOR EACH ROW WHEN (OLD.unit <> NEW.unit)
  EXECUTE FUNCTION keep_value(
    'unit', 'What was counted before would mean something else.', 'Make another kind for the other unit.');
COMMENT ON TABLE metering_kinds IS 'Look-up: what is counted beside tokens; the same for all';
COMMENT ON COLUMN metering_kinds.code IS 'Name for programs, text of at most 50 characters';
COMMENT ON COLUMN metering_kinds.label IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN metering_kinds.description IS 'What it means, text';
COMMENT ON COLUMN metering_kinds.unit IS 'What a quantity of one is, name such as call or byte; never changes';
COMMENT ON COLUMN metering_kinds.sort_order IS 'Place in lists, number counted from 1';
COMMENT ON COLUMN metering_kinds.is_active IS 'Whether it is still counted, true or false';

INSERT INTO metering_kinds (code, label, description, unit, sort_order) VALUES
  ('api_call', 'API calls', 'Calls of the platform''s own API', 'call', 1),
  ('connector_call', 'Connector calls', 'Calls of systems that connectors reach', 'call', 2),
  ('workflow_run', 'Workflow runs', 'Runs that were started', 'run', 3),
  ('bytes_stored', 'Bytes stored', 'What lies in storage, times how long: one byte for one hour counts one', 'byte_hour', 4),
  ('bytes_sent', 'Bytes sent', 'What left the platform', 'byte', 5);

CREATE TABLE metering_events (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  organization_id uuid NOT NULL,
  workspace_id uuid,
  user_id uuid,
  api_key_id uuid,
  run_id uuid,
  metering_kind_code varchar(50) NOT NULL,
  quantity numeric(30, 6) NOT NULL,
  cost_nano_usd bigint NOT NULL DEFAULT 0,
  CONSTRAINT metering_events_pkey PRIMARY KEY (id, occurred_at),
  CONSTRAINT metering_events_metering_kind_code_fkey FOREIGN KEY (metering_kind_code)
    REFERENCES metering_kinds (code) ON DELETE RESTRICT,
  CONSTRAINT metering_events_times_finite CHECK (isfinite(occurred_at) AND isfinite(received_at)),
  CONSTRAINT metering_events_quantity_not_negative CHECK (quantity >= 0 AND quantity < 'NaN'),
  CONSTRAINT metering_events_cost_nano_usd_not_negative CHECK (cost_nano_usd >= 0)
) PARTITION BY RANGE (occurred_at);
CREATE INDEX idx_metering_events_organization_id_occurred_at
  ON metering_events (organization_id, occurred_at);
CREATE INDEX idx_metering_events_metering_kind_code ON metering_events (metering_kind_code);
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON metering_events
  FOR EACH ROW EXECUTE FUNCTION refuse_change(
    'What was counted and charged stays as it was.', 'Insert an event of its own that corrects the next count.');
ALTER TABLE metering_events ENABLE ALWAYS TRIGGER refuse_change;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON metering_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE metering_events ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('metering_events');

COMMENT ON TABLE metering_events IS
  'What is counted beside tokens, one row each time. Append-only. Identity is id and occurred_at together: INSERT … ON CONFLICT DO NOTHING may be repeated';
COMMENT ON COLUMN metering_events.id IS 'The sender''s identifier of the event, without unit; the same in every delivery of it';
COMMENT ON COLUMN metering_events.occurred_at IS 'When it happened, instant; the same in every delivery';
COMMENT ON COLUMN metering_events.received_at IS 'When the row was written, instant';
COMMENT ON COLUMN metering_events.organization_id IS 'The organization that pays, an organizations.id; not enforced, so that no event is lost';
COMMENT ON COLUMN metering_events.workspace_id IS 'The workspace, identifier; null if none; not enforced';
COMMENT ON COLUMN metering_events.user_id IS 'The user, a users.id; null if none; not enforced';
COMMENT ON COLUMN metering_events.api_key_id IS 'The key that was called with, an api_keys.id; null if none; not enforced';
COMMENT ON COLUMN metering_events.run_id IS 'The run that caused it, a runs.id; null if none; not enforced';
COMMENT ON COLUMN metering_events.metering_kind_code IS 'What was counted, a metering_kinds.code';
COMMENT ON COLUMN metering_events.quantity IS 'How much, in the unit of its metering_kinds row';
COMMENT ON COLUMN metering_events.cost_nano_usd IS 'What it costs, billionths of a US dollar';

CREATE TABLE metering_events_default (
  LIKE metering_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS);
ALTER TABLE metering_events ATTACH PARTITION metering_events_default DEFAULT;
COMMENT ON TABLE metering_events_default IS
  'Metering events whose time has no partition, so that none is refused for its time';
SELECT guard_month_partition('metering_events_default');
SELECT create_month_partitions('metering_events', ahead => '3 months', behind => '2 months');

-- One tree a grain: hours are many and leave early, days and months are few and stay.
CREATE TABLE usage_summaries (
  grain usage_grain NOT NULL,
  window_start timestamptz NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  user_id uuid,
  api_key_id uuid,
  provider text NOT NULL,
  model text NOT NULL,
  operation text,
  request_count bigint NOT NULL,
  error_count bigint NOT NULL,
  input_tokens bigint NOT NULL,
  cached_input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  cost_nano_usd bigint NOT NULL,
  latency_ms_sum bigint,
  latency_ms_min integer,
  latency_ms_max integer,
  latency_p50_ms double precision,
  latency_p95_ms double precision,
  latency_p99_ms double precision,
  revision bigint NOT NULL DEFAULT 1,
  revised_at timestamptz NOT NULL DEFAULT now(),
  data_as_of timestamptz NOT NULL,
  CONSTRAINT usage_summaries_window_start_on_grain CHECK (
    window_start AT TIME ZONE 'UTC' = CASE grain
      WHEN 'hour' THEN date_trunc('hour', window_start AT TIME ZONE 'UTC')
      WHEN 'day' THEN date_trunc('day', window_start AT TIME ZONE 'UTC')
      ELSE date_trunc('month', window_start AT TIME ZONE 'UTC') END),
  CONSTRAINT usage_summaries_window_start_finite CHECK (isfinite(window_start)),
  CONSTRAINT usage_summaries_texts_at_most_512 CHECK (
    length(provider) <= 512 AND length(model) <= 512 AND length(operation) <= 512),
  CONSTRAINT usage_summaries_request_count_positive CHECK (request_count > 0),
  CONSTRAINT usage_summaries_error_count_within_requests CHECK (error_count BETWEEN 0 AND request_count),
  CONSTRAINT usage_summaries_input_tokens_not_negative CHECK (input_tokens >= 0),
  CONSTRAINT usage_summaries_cached_input_tokens_within_input CHECK (
    cached_input_tokens BETWEEN 0 AND input_tokens),
  CONSTRAINT usage_summaries_output_tokens_not_negative CHECK (output_tokens >= 0),
  CONSTRAINT usage_summaries_cost_nano_usd_not_negative CHECK (cost_nano_usd >= 0),
  CONSTRAINT usage_summaries_latency_whole CHECK (
    num_nulls(latency_ms_sum, latency_ms_min, latency_ms_max, latency_p50_ms, latency_p95_ms, latency_p99_ms) IN (0, 6)),
  CONSTRAINT usage_summaries_latency_ordered CHECK (
    latency_ms_min >= 0 AND latency_ms_min <= latency_ms_max
    AND latency_p50_ms >= 0 AND latency_p50_ms <= latency_p95_ms AND latency_p95_ms <= latency_p99_ms),
  CONSTRAINT usage_summaries_revision_positive CHECK (revision > 0)
) PARTITION BY LIST (grain);
-- Begins with what a dashboard asks for, so that the key is its index too.
CREATE UNIQUE INDEX uq_usage_summaries_organization_id_window_start ON usage_summaries (
    organization_id, window_start, grain, workspace_id, user_id, api_key_id, provider, model, operation)
  NULLS NOT DISTINCT;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON usage_summaries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE usage_summaries ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('usage_summaries');

CREATE FUNCTION refuse_older_revision() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'usage_summaries has revision % of this window, and % is not newer', OLD.revision, NEW.revision
    USING ERRCODE = 'serialization_failure',
      DETAIL = 'A run that read earlier came later; its numbers would replace newer ones.',
      HINT = 'Read the rollup again and publish what it says now.';
END;
$$;
COMMENT ON FUNCTION refuse_older_revision() IS 'Refuses an UPDATE that changes numbers without a newer revision';
CREATE TRIGGER refuse_older_revision BEFORE UPDATE ON usage_summaries
  FOR EACH ROW WHEN (NEW.revision < OLD.revision OR NEW.revision = OLD.revision AND (
      NEW.request_count, NEW.error_count, NEW.input_tokens, NEW.cached_input_tokens, NEW.output_tokens,
      NEW.cost_nano_usd, NEW.latency_ms_sum, NEW.latency_ms_min, NEW.latency_ms_max, NEW.latency_p50_ms,
      NEW.latency_p95_ms, NEW.latency_p99_ms)
    IS DISTINCT FROM (
      OLD.request_count, OLD.error_count, OLD.input_tokens, OLD.cached_input_tokens, OLD.output_tokens,
      OLD.cost_nano_usd, OLD.latency_ms_sum, OLD.latency_ms_min, OLD.latency_ms_max, OLD.latency_p50_ms,
      OLD.latency_p95_ms, OLD.latency_p99_ms))
  EXECUTE FUNCTION refuse_older_revision();

COMMENT ON TABLE usage_summaries IS
  'Usage by hour, day and month, UTC, for dashboards: a copy of the lake''s rollups which the pipeline writes. Its key is all dimensions together, where null is a value';
COMMENT ON COLUMN usage_summaries.grain IS 'How long the window is, one of usage_grain';
COMMENT ON COLUMN usage_summaries.window_start IS 'When the window begins, instant; the first of its hour, day or month, UTC';
COMMENT ON COLUMN usage_summaries.organization_id IS 'The organization that pays, an organizations.id; not enforced';
COMMENT ON COLUMN usage_summaries.workspace_id IS 'The workspace, identifier; null if none';
COMMENT ON COLUMN usage_summaries.user_id IS 'The user, a users.id; null if none';
COMMENT ON COLUMN usage_summaries.api_key_id IS 'The key that was called with, an api_keys.id; null if none';
COMMENT ON COLUMN usage_summaries.provider IS 'Who ran the model, name';
COMMENT ON COLUMN usage_summaries.model IS 'The provider''s name of the model';
COMMENT ON COLUMN usage_summaries.operation IS 'What was asked for, name such as chat or embedding; null if unknown';
COMMENT ON COLUMN usage_summaries.request_count IS 'Requests, number';
COMMENT ON COLUMN usage_summaries.error_count IS 'Those that did not end in success, number';
COMMENT ON COLUMN usage_summaries.input_tokens IS 'Tokens read, cached ones included; number of tokens';
COMMENT ON COLUMN usage_summaries.cached_input_tokens IS 'Those of input_tokens that came from a cache; number of tokens';
COMMENT ON COLUMN usage_summaries.output_tokens IS 'Tokens written; number of tokens';
COMMENT ON COLUMN usage_summaries.cost_nano_usd IS 'What the requests cost, billionths of a US dollar';
COMMENT ON COLUMN usage_summaries.latency_ms_sum IS 'Sum of the latencies that are known, milliseconds; null if none is';
COMMENT ON COLUMN usage_summaries.latency_ms_min IS 'The shortest latency, milliseconds; null if none is known';
COMMENT ON COLUMN usage_summaries.latency_ms_max IS 'The longest latency, milliseconds; null if none is known';
COMMENT ON COLUMN usage_summaries.latency_p50_ms IS 'Half of the latencies are at most this, milliseconds, within 1 %; null if none is known. Of one row: it does not add up over rows';
COMMENT ON COLUMN usage_summaries.latency_p95_ms IS '95 % of the latencies are at most this, milliseconds, within 1 %; null if none is known';
COMMENT ON COLUMN usage_summaries.latency_p99_ms IS '99 % of the latencies are at most this, milliseconds, within 1 %; null if none is known';
COMMENT ON COLUMN usage_summaries.revision IS 'Number of the row''s numbers, counted from 1; moves only when they change';
COMMENT ON COLUMN usage_summaries.revised_at IS 'When the numbers were last changed in the lake, instant';
COMMENT ON COLUMN usage_summaries.data_as_of IS 'Events that were landed by then are counted, instant';

DO $$
DECLARE
  grain usage_grain;
  tree text;
BEGIN
  FOREACH grain IN ARRAY enum_range(NULL::usage_grain) LOOP
    tree := 'usage_summaries_' || grain;
    EXECUTE format(
      'CREATE TABLE %I (LIKE usage_summaries INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS)'
      ' PARTITION BY RANGE (window_start)',
      tree);
    EXECUTE format('ALTER TABLE usage_summaries ATTACH PARTITION %I FOR VALUES IN (%L)', tree, grain);
    EXECUTE format('COMMENT ON TABLE %I IS %L', tree, format('Usage by %s', grain));
    PERFORM guard_month_partition(tree::regclass);
    EXECUTE format(
      'CREATE TABLE %I (LIKE usage_summaries INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS)',
      tree || '_default');
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I DEFAULT', tree, tree || '_default');
    EXECUTE format(
      'COMMENT ON TABLE %I IS %L', tree || '_default', format('Usage by %s of times that have no partition', grain));
    PERFORM guard_month_partition((tree || '_default')::regclass);
    PERFORM create_month_partitions(tree::regclass, ahead => '3 months', behind => '2 months');
  END LOOP;
END;
$$;

CREATE TABLE usage_publications (
  grain usage_grain NOT NULL,
  lake text NOT NULL,
  lake_table_id text NOT NULL,
  lake_version bigint NOT NULL,
  lake_commit text NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT usage_publications_pkey PRIMARY KEY (grain),
  CONSTRAINT usage_publications_lake_version_not_negative CHECK (lake_version >= 0)
);
COMMENT ON TABLE usage_publications IS
  'How far the lake''s rollups are in usage_summaries, one row a grain. Written in the transaction that writes the summaries, so that a restored server knows what its summaries are of';
COMMENT ON COLUMN usage_publications.grain IS 'Which windows, one of usage_grain';
COMMENT ON COLUMN usage_publications.lake IS 'Where the rollup lies that they are of, URI of the table';
COMMENT ON COLUMN usage_publications.lake_table_id IS 'The lake''s identifier of that table; another one is another table in its place';
COMMENT ON COLUMN usage_publications.lake_version IS 'Version of that table which the summaries equal, number';
COMMENT ON COLUMN usage_publications.lake_commit IS 'What tells this version from another one of the same number, after the lake was turned back; text of the lake';
COMMENT ON COLUMN usage_publications.published_at IS 'When the row was written, instant';

GRANT SELECT ON metering_kinds TO
  tidemark_service, tidemark_analytics, tidemark_auditor, tidemark_extraction;
GRANT SELECT, INSERT ON metering_events TO tidemark_service, tidemark_seeding;
GRANT SELECT ON metering_events TO tidemark_analytics, tidemark_extraction, tidemark_migration;
GRANT SELECT ON usage_summaries TO tidemark_service, tidemark_analytics, tidemark_migration;
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_summaries, usage_publications TO tidemark_extraction;
GRANT SELECT ON usage_publications TO tidemark_migration, tidemark_seeding;
GRANT SELECT, INSERT, UPDATE ON usage_summaries TO tidemark_seeding;
GRANT SELECT, INSERT, UPDATE ON metering_kinds TO tidemark_seeding;
GRANT SELECT, INSERT, UPDATE, DELETE ON metering_kinds TO tidemark_migration;
