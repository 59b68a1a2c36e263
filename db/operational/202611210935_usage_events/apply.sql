CREATE TABLE usage_events (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  organization_id uuid NOT NULL,
  workspace_id uuid,
  user_id uuid,
  api_key_id uuid,
  provider text NOT NULL,
  model text NOT NULL,
  operation text,
  status text NOT NULL,
  http_status smallint,
  input_tokens bigint NOT NULL,
  cached_input_tokens bigint NOT NULL DEFAULT 0,
  output_tokens bigint NOT NULL,
  latency_ms integer,
  time_to_first_token_ms integer,
  cost_nano_usd bigint NOT NULL DEFAULT 0,
  ingested_xid bigint NOT NULL,
  CONSTRAINT usage_events_pkey PRIMARY KEY (id, occurred_at),
  CONSTRAINT usage_events_status_known CHECK (
    status IN ('success', 'client_error', 'server_error', 'timeout', 'rate_limited', 'cancelled')),
  CONSTRAINT usage_events_http_status_known CHECK (http_status BETWEEN 100 AND 599),
  CONSTRAINT usage_events_input_tokens_not_negative CHECK (input_tokens >= 0),
  CONSTRAINT usage_events_cached_input_tokens_within_input CHECK (
    cached_input_tokens BETWEEN 0 AND input_tokens),
  CONSTRAINT usage_events_output_tokens_not_negative CHECK (output_tokens >= 0),
  CONSTRAINT usage_events_latency_ms_not_negative CHECK (latency_ms >= 0),
  CONSTRAINT usage_events_time_to_first_token_ms_not_negative CHECK (time_to_first_token_ms >= 0),
  CONSTRAINT usage_events_cost_nano_usd_not_negative CHECK (cost_nano_usd >= 0)
) PARTITION BY RANGE (occurred_at);

COMMENT ON TABLE usage_events IS
  'One row per request. Rows are inserted and, by retention or erasure, deleted, but never updated. Identity is id and occurred_at together';
COMMENT ON COLUMN usage_events.id IS 'The sender''s identifier of the request, without unit; the same in every delivery of it';
COMMENT ON COLUMN usage_events.occurred_at IS 'When the request began, instant';
COMMENT ON COLUMN usage_events.received_at IS 'When the row was written, instant';
COMMENT ON COLUMN usage_events.organization_id IS 'The organization that pays, an organizations.id; not enforced, so that no event is lost';
COMMENT ON COLUMN usage_events.workspace_id IS 'The workspace, identifier; null if none';
COMMENT ON COLUMN usage_events.user_id IS 'The user, a users.id; null if none; not enforced';
COMMENT ON COLUMN usage_events.api_key_id IS 'The key that was called with, an api_keys.id; null if none; not enforced';
COMMENT ON COLUMN usage_events.provider IS 'Who ran the model, name';
COMMENT ON COLUMN usage_events.model IS 'The provider''s name of the model';
COMMENT ON COLUMN usage_events.operation IS 'What was asked for, name such as chat or embedding; null if unknown';
COMMENT ON COLUMN usage_events.status IS 'How it ended: success, client_error, server_error, timeout, rate_limited or cancelled';
COMMENT ON COLUMN usage_events.http_status IS 'HTTP status code, 100 to 599; null if there was no answer';
COMMENT ON COLUMN usage_events.input_tokens IS 'Tokens read, cached ones included; number of tokens';
COMMENT ON COLUMN usage_events.cached_input_tokens IS 'Those of input_tokens that came from a cache; number of tokens';
COMMENT ON COLUMN usage_events.output_tokens IS 'Tokens written; number of tokens';
COMMENT ON COLUMN usage_events.latency_ms IS 'From the request to the end of the answer, milliseconds; null if unknown';
COMMENT ON COLUMN usage_events.time_to_first_token_ms IS 'From the request to the first token of the answer, milliseconds; null if unknown';
COMMENT ON COLUMN usage_events.cost_nano_usd IS 'What the request costs, billionths of a US dollar';
COMMENT ON COLUMN usage_events.ingested_xid IS 'The transaction that wrote the row, a 64-bit transaction id; set by the database whatever is given';

-- In one page range lie the transactions of a few seconds, so that the few ranges with new rows are
-- found without looking at the others. What is not summarized yet is simply read.
CREATE INDEX idx_usage_events_ingested_xid ON usage_events
  USING brin (ingested_xid) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX idx_usage_events_organization_id_occurred_at ON usage_events
  (organization_id, occurred_at);

CREATE FUNCTION stamp_usage_event() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  -- The type is named in full: else a temporary one of that name could stand in for it.
  NEW.ingested_xid := pg_current_xact_id()::pg_catalog.text::bigint;
  RETURN NEW;
END;
$$;
COMMENT ON FUNCTION stamp_usage_event() IS 'Sets ingested_xid to the current transaction, whatever was given';

CREATE FUNCTION refuse_usage_event_update() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'usage_events are never updated: event % of % stays as it was written', OLD.id, OLD.occurred_at
    USING ERRCODE = 'restrict_violation',
      DETAIL = 'What was read once is not read again, so that an update would never reach the rollups.',
      HINT = 'Insert an event of its own that corrects it, or delete the event by an erasure.';
END;
$$;
COMMENT ON FUNCTION refuse_usage_event_update() IS 'Refuses every UPDATE of a usage event';

-- ALWAYS: in replica mode and for owners too.
CREATE TRIGGER stamp_usage_event BEFORE INSERT ON usage_events
  FOR EACH ROW EXECUTE FUNCTION stamp_usage_event();
ALTER TABLE usage_events ENABLE ALWAYS TRIGGER stamp_usage_event;
CREATE TRIGGER refuse_usage_event_update BEFORE UPDATE ON usage_events
  FOR EACH ROW EXECUTE FUNCTION refuse_usage_event_update();
ALTER TABLE usage_events ENABLE ALWAYS TRIGGER refuse_usage_event_update;
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON usage_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE usage_events ENABLE ALWAYS TRIGGER refuse_truncate;
SELECT isolate_tenants('usage_events');

CREATE FUNCTION guard_usage_event_partition(partition regclass) RETURNS void
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM isolate_tenants(partition);
  -- Triggers of statements do not come with the parent.
  EXECUTE format(
    'CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s'
    ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()',
    partition);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_truncate', partition);
  -- The pipeline reads partitions one by one; everybody else goes through usage_events.
  EXECUTE format('GRANT SELECT ON %s TO tidemark_extraction', partition);
END;
$$;
COMMENT ON FUNCTION guard_usage_event_partition(regclass) IS
  'Gives a partition of usage_events what it does not have from its parent: isolation of tenants, the refusal of TRUNCATE, and the right of the pipeline to read it';
REVOKE EXECUTE ON FUNCTION guard_usage_event_partition(regclass) FROM PUBLIC;

CREATE TABLE usage_events_default (
  LIKE usage_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS);
ALTER TABLE usage_events ATTACH PARTITION usage_events_default DEFAULT;
COMMENT ON TABLE usage_events_default IS
  'Usage events whose time has no partition, so that none is refused for its time';
SELECT guard_usage_event_partition('usage_events_default');

CREATE FUNCTION attach_usage_event_partition(
  candidate regclass, starts_at timestamptz, ends_at timestamptz) RETURNS bigint
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  column_list text;
  moved bigint;
BEGIN
  -- One at a time. A writer that was on its way to the default partition would be refused when it
  -- gets there: where rows of this time may be coming in, writers wait at the door.
  IF starts_at <= now() OR EXISTS (
    SELECT FROM ONLY usage_events_default WHERE occurred_at >= starts_at AND occurred_at < ends_at)
  THEN
    LOCK TABLE ONLY usage_events IN SHARE ROW EXCLUSIVE MODE;
  ELSE
    LOCK TABLE ONLY usage_events IN SHARE UPDATE EXCLUSIVE MODE;
  END IF;
  LOCK TABLE ONLY usage_events_default IN SHARE ROW EXCLUSIVE MODE;

  -- What was loaded before gets the stamp of the transaction that shows it to the readers.
  EXECUTE format(
    'UPDATE %s SET ingested_xid = pg_current_xact_id()::pg_catalog.text::bigint', candidate);

  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO STRICT column_list
  FROM pg_attribute
  WHERE attrelid = 'usage_events'::regclass AND attnum > 0 AND NOT attisdropped;
  -- These keep their stamps: readers have seen them, or will by the stamps they have.
  EXECUTE format(
    'WITH moved AS ('
    '  DELETE FROM usage_events_default WHERE occurred_at >= $1 AND occurred_at < $2 RETURNING *) '
    'INSERT INTO %s (%s) SELECT %2$s FROM moved',
    candidate, column_list)
  USING starts_at, ends_at;
  GET DIAGNOSTICS moved = ROW_COUNT;

  EXECUTE format(
    'ALTER TABLE usage_events ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
    candidate, starts_at, ends_at);
  PERFORM guard_usage_event_partition(candidate);
  RETURN moved;
END;
$$;
COMMENT ON FUNCTION attach_usage_event_partition(regclass, timestamptz, timestamptz) IS
  'The only right way to attach a partition: stamps the rows that the table brings, moves those of its time out of the default partition, guards it, and returns how many moved. One transaction';
REVOKE EXECUTE ON FUNCTION attach_usage_event_partition(regclass, timestamptz, timestamptz) FROM PUBLIC;

CREATE FUNCTION create_usage_event_partition(starts_at timestamptz) RETURNS bigint
  LANGUAGE plpgsql SET search_path FROM CURRENT SET timezone = 'UTC' AS $$
DECLARE
  partition text := 'usage_events_' || to_char(starts_at, 'YYYYMMDD');
BEGIN
  IF starts_at <> date_trunc('week', starts_at) THEN
    RAISE EXCEPTION 'a partition of usage_events begins with a week, not at %', starts_at
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the first instant of a Monday, UTC.';
  END IF;
  EXECUTE format(
    'CREATE TABLE %I (LIKE usage_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS)',
    partition);
  EXECUTE format(
    'COMMENT ON TABLE %I IS %L',
    partition, format('Usage events of the week from %s, UTC', starts_at::date));
  RETURN attach_usage_event_partition(partition::regclass, starts_at, starts_at + interval '1 week');
END;
$$;
COMMENT ON FUNCTION create_usage_event_partition(timestamptz) IS
  'Makes the partition of one week (Monday to Monday, UTC), moves the rows of its time out of the default partition, and returns how many moved. One transaction';
REVOKE EXECUTE ON FUNCTION create_usage_event_partition(timestamptz) FROM PUBLIC;

CREATE FUNCTION create_usage_event_partitions(
  ahead interval, behind interval DEFAULT '0') RETURNS SETOF text
  LANGUAGE plpgsql SET search_path FROM CURRENT SET timezone = 'UTC' AS $$
DECLARE
  starts_at timestamptz := date_trunc('week', now() - behind);
  partition text;
BEGIN
  LOCK TABLE usage_events IN SHARE UPDATE EXCLUSIVE MODE;
  WHILE starts_at <= now() + ahead LOOP
    partition := 'usage_events_' || to_char(starts_at, 'YYYYMMDD');
    IF to_regclass(partition) IS NULL THEN
      PERFORM create_usage_event_partition(starts_at);
      RETURN NEXT partition;
    END IF;
    starts_at := starts_at + interval '1 week';
  END LOOP;
END;
$$;
COMMENT ON FUNCTION create_usage_event_partitions(interval, interval) IS
  'Makes the weekly partitions (Monday to Monday, UTC) that are missing from now - behind to now + ahead, and returns their names';
REVOKE EXECUTE ON FUNCTION create_usage_event_partitions(interval, interval) FROM PUBLIC;

SELECT create_usage_event_partitions(ahead => '8 weeks', behind => '8 weeks');

GRANT SELECT, INSERT ON usage_events TO tidemark_service, tidemark_seeding;
GRANT SELECT ON usage_events TO tidemark_analytics, tidemark_extraction;
GRANT SELECT, INSERT, DELETE ON usage_events TO tidemark_migration;
