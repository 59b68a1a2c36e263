CREATE TYPE model_status AS ENUM ('active', 'deprecated', 'retired');
COMMENT ON TYPE model_status IS 'Whether a model should be used: deprecated still works, retired does not';
CREATE TYPE deployment_status AS ENUM ('provisioning', 'active', 'draining', 'retired');
COMMENT ON TYPE deployment_status IS 'Whether a deployment takes requests: draining finishes those that it has';

CREATE TABLE models (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  provider varchar(100) NOT NULL,
  name varchar(200) NOT NULL,
  display_name varchar(255) NOT NULL,
  status model_status NOT NULL DEFAULT 'active',
  context_window_tokens integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT models_pkey PRIMARY KEY (id),
  CONSTRAINT models_provider_not_blank CHECK (provider ~ '\S'),
  CONSTRAINT models_name_not_blank CHECK (name ~ '\S'),
  CONSTRAINT models_context_window_tokens_positive CHECK (context_window_tokens > 0)
);
CREATE UNIQUE INDEX uq_models_provider_name ON models (provider, name) WHERE deleted_at IS NULL;
CREATE TRIGGER record_change BEFORE UPDATE ON models
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_transition BEFORE UPDATE ON models
  FOR EACH ROW EXECUTE FUNCTION refuse_transition(
    'active>deprecated', 'active>retired', 'deprecated>active', 'deprecated>retired');

COMMENT ON TABLE models IS 'Registry of models; the same for all organizations';
COMMENT ON COLUMN models.id IS 'Identifier, without unit';
COMMENT ON COLUMN models.provider IS 'Who runs the model, as usage_events.provider has it';
COMMENT ON COLUMN models.name IS 'The provider''s name of the model, as usage_events.model has it';
COMMENT ON COLUMN models.display_name IS 'Name for people, text of at most 255 characters';
COMMENT ON COLUMN models.status IS 'Whether it should be used, one of model_status';
COMMENT ON COLUMN models.context_window_tokens IS 'How much fits into one request, tokens; null if unknown';
COMMENT ON COLUMN models.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN models.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN models.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN models.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE model_versions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  model_id uuid NOT NULL,
  name varchar(200) NOT NULL,
  status model_status NOT NULL DEFAULT 'active',
  released_on date,
  retires_on date,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT model_versions_pkey PRIMARY KEY (id),
  CONSTRAINT model_versions_model_id_fkey FOREIGN KEY (model_id)
    REFERENCES models (id) ON DELETE RESTRICT,
  CONSTRAINT model_versions_name_not_blank CHECK (name ~ '\S'),
  CONSTRAINT model_versions_retires_after_release CHECK (retires_on > released_on)
);
CREATE UNIQUE INDEX uq_model_versions_model_id_name ON model_versions (model_id, name)
  WHERE deleted_at IS NULL;
CREATE INDEX idx_model_versions_model_id ON model_versions (model_id);
CREATE TRIGGER record_change BEFORE UPDATE ON model_versions
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_transition BEFORE UPDATE ON model_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_transition(
    'active>deprecated', 'active>retired', 'deprecated>active', 'deprecated>retired');
CREATE TRIGGER keep_name BEFORE UPDATE ON model_versions
  FOR EACH ROW WHEN ((OLD.model_id, OLD.name) IS DISTINCT FROM (NEW.model_id, NEW.name))
  EXECUTE FUNCTION keep_value(
    'model_id and name', 'Workflows are pinned to versions by them.', 'Register another version.');

COMMENT ON TABLE model_versions IS 'Releases of a model that workflows can be pinned to';
COMMENT ON COLUMN model_versions.id IS 'Identifier, without unit';
COMMENT ON COLUMN model_versions.model_id IS 'The model, a models.id; never changes';
COMMENT ON COLUMN model_versions.name IS 'The provider''s name of the release, text of at most 200 characters, unique for the model among those not deleted; never changes';
COMMENT ON COLUMN model_versions.status IS 'Whether it should be used, one of model_status';
COMMENT ON COLUMN model_versions.released_on IS 'First day on which it could be used, date; null if unknown';
COMMENT ON COLUMN model_versions.retires_on IS 'First day on which it cannot be used any more, date; null if not announced';
COMMENT ON COLUMN model_versions.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN model_versions.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN model_versions.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN model_versions.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE model_deployments (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  model_version_id uuid NOT NULL,
  region_code varchar(50) NOT NULL,
  name varchar(200) NOT NULL,
  endpoint_url text NOT NULL,
  status deployment_status NOT NULL DEFAULT 'provisioning',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT model_deployments_pkey PRIMARY KEY (id),
  CONSTRAINT model_deployments_model_version_id_fkey FOREIGN KEY (model_version_id)
    REFERENCES model_versions (id) ON DELETE RESTRICT,
  CONSTRAINT model_deployments_region_code_fkey FOREIGN KEY (region_code)
    REFERENCES regions (code) ON DELETE RESTRICT,
  CONSTRAINT model_deployments_name_not_blank CHECK (name ~ '\S'),
  CONSTRAINT model_deployments_endpoint_url_https CHECK (
    endpoint_url ~ '^https://[^\s@?#]+$' AND length(endpoint_url) <= 2000)
);
CREATE UNIQUE INDEX uq_model_deployments_name ON model_deployments (name) WHERE deleted_at IS NULL;
CREATE INDEX idx_model_deployments_model_version_id ON model_deployments (model_version_id);
CREATE INDEX idx_model_deployments_region_code ON model_deployments (region_code);
CREATE TRIGGER record_change BEFORE UPDATE ON model_deployments
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_transition BEFORE UPDATE ON model_deployments
  FOR EACH ROW EXECUTE FUNCTION refuse_transition(
    'provisioning>active', 'provisioning>retired', 'active>draining', 'draining>active',
    'draining>retired');

COMMENT ON TABLE model_deployments IS 'Where a version of a model answers requests';
COMMENT ON COLUMN model_deployments.id IS 'Identifier, without unit';
COMMENT ON COLUMN model_deployments.model_version_id IS 'What is deployed, a model_versions.id';
COMMENT ON COLUMN model_deployments.region_code IS 'Where it runs, a regions.code';
COMMENT ON COLUMN model_deployments.name IS 'Name for people and programs, text of at most 200 characters; unique among those not deleted';
COMMENT ON COLUMN model_deployments.endpoint_url IS 'Where it answers, an https URL of at most 2000 characters without credentials and parameters';
COMMENT ON COLUMN model_deployments.status IS 'Whether it takes requests, one of deployment_status';
COMMENT ON COLUMN model_deployments.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN model_deployments.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN model_deployments.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN model_deployments.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE TABLE model_prices (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  model_id uuid NOT NULL,
  effective_from timestamptz NOT NULL,
  effective_to timestamptz,
  input_usd_per_million_tokens numeric(19, 4) NOT NULL,
  cached_input_usd_per_million_tokens numeric(19, 4) NOT NULL,
  output_usd_per_million_tokens numeric(19, 4) NOT NULL,
  usd_per_request numeric(19, 4) NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT model_prices_pkey PRIMARY KEY (id),
  CONSTRAINT model_prices_model_id_fkey FOREIGN KEY (model_id)
    REFERENCES models (id) ON DELETE RESTRICT,
  CONSTRAINT model_prices_in_effect_excl EXCLUDE USING gist (
    model_id WITH =, tstzrange(effective_from, effective_to) WITH &&) WHERE (deleted_at IS NULL),
  CONSTRAINT model_prices_effective_to_after_from CHECK (effective_to > effective_from),
  CONSTRAINT model_prices_input_not_negative CHECK (
    input_usd_per_million_tokens >= 0 AND input_usd_per_million_tokens < 'NaN'),
  CONSTRAINT model_prices_cached_input_not_negative CHECK (
    cached_input_usd_per_million_tokens >= 0 AND cached_input_usd_per_million_tokens < 'NaN'),
  CONSTRAINT model_prices_output_not_negative CHECK (
    output_usd_per_million_tokens >= 0 AND output_usd_per_million_tokens < 'NaN'),
  CONSTRAINT model_prices_usd_per_request_not_negative CHECK (
    usd_per_request >= 0 AND usd_per_request < 'NaN')
);
CREATE INDEX idx_model_prices_model_id_effective_from ON model_prices (model_id, effective_from);
CREATE TRIGGER record_change BEFORE UPDATE ON model_prices
  FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER keep_price BEFORE UPDATE ON model_prices
  FOR EACH ROW WHEN (
    (OLD.model_id, OLD.effective_from, OLD.input_usd_per_million_tokens,
      OLD.cached_input_usd_per_million_tokens, OLD.output_usd_per_million_tokens, OLD.usd_per_request)
    IS DISTINCT FROM
    (NEW.model_id, NEW.effective_from, NEW.input_usd_per_million_tokens,
      NEW.cached_input_usd_per_million_tokens, NEW.output_usd_per_million_tokens, NEW.usd_per_request))
  EXECUTE FUNCTION keep_value(
    'the price',
    'Requests were charged by it.',
    'Set effective_to, and insert the price that follows.');
CREATE TRIGGER keep_price_that_was_in_effect BEFORE UPDATE ON model_prices
  FOR EACH ROW WHEN (
    OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL AND OLD.effective_from <= now())
  EXECUTE FUNCTION keep_value(
    'a price that has been in effect',
    'Requests were charged by it.',
    'Set effective_to to now or later; only a price that is still to come can be deleted.');
CREATE TRIGGER keep_time_in_effect BEFORE UPDATE ON model_prices
  FOR EACH ROW WHEN (
    OLD.effective_to IS DISTINCT FROM NEW.effective_to AND NEW.effective_to < now())
  EXECUTE FUNCTION keep_value(
    'what was in effect before now',
    'Requests were charged by it.',
    'Set effective_to to now or later.');

COMMENT ON TABLE model_prices IS 'What a model costs, each price for its time; those of one model never overlap';
COMMENT ON COLUMN model_prices.id IS 'Identifier, without unit';
COMMENT ON COLUMN model_prices.model_id IS 'The model, a models.id; never changes';
COMMENT ON COLUMN model_prices.effective_from IS 'First instant at which it holds; never changes';
COMMENT ON COLUMN model_prices.effective_to IS 'First instant at which it does not hold any more; null while no end is known; never moved to before now';
COMMENT ON COLUMN model_prices.input_usd_per_million_tokens IS 'Price of tokens read that no cache had, US dollars per million tokens; never changes';
COMMENT ON COLUMN model_prices.cached_input_usd_per_million_tokens IS 'Price of tokens read that came from a cache, US dollars per million tokens; never changes';
COMMENT ON COLUMN model_prices.output_usd_per_million_tokens IS 'Price of tokens written, US dollars per million tokens; never changes';
COMMENT ON COLUMN model_prices.usd_per_request IS 'Price of a request besides its tokens, US dollars; never changes';
COMMENT ON COLUMN model_prices.created_at IS 'When the row was made, instant; never changes';
COMMENT ON COLUMN model_prices.updated_at IS 'When the row was last changed, instant';
COMMENT ON COLUMN model_prices.deleted_at IS 'When it was deleted, instant; null while it is active';
COMMENT ON COLUMN model_prices.version IS 'Number of the row''s state, counted from 1; for optimistic locking';

CREATE FUNCTION model_price_at(model_provider text, model_name text, instant timestamptz)
  RETURNS SETOF model_prices
  LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT p.*
  FROM models AS m JOIN model_prices AS p ON p.model_id = m.id
  WHERE m.provider = model_provider AND m.name = model_name
    AND (m.deleted_at IS NULL OR m.deleted_at > instant)
    AND p.deleted_at IS NULL
    AND p.effective_from <= instant AND (p.effective_to IS NULL OR p.effective_to > instant)
  -- Of several that had the name one after the other: the one that had it then.
  ORDER BY m.deleted_at NULLS LAST
  LIMIT 1;
END;
COMMENT ON FUNCTION model_price_at(text, text, timestamptz) IS
  'The price of a provider''s model that was in effect at an instant: one row, or none. Of a model that was deleted since, too';

CREATE FUNCTION usage_cost_nano_usd(
  model_provider text, model_name text, instant timestamptz, input_tokens bigint, cached_input_tokens bigint,
  output_tokens bigint) RETURNS bigint
  LANGUAGE plpgsql STABLE STRICT SET search_path FROM CURRENT AS $$
BEGIN
  IF cached_input_tokens NOT BETWEEN 0 AND input_tokens OR output_tokens < 0 THEN
    RAISE EXCEPTION 'no request has % input tokens, % of them cached, and % output tokens',
        input_tokens, cached_input_tokens, output_tokens
      USING ERRCODE = 'invalid_parameter_value',
        DETAIL = 'Cached tokens are some of the input tokens, and none of the counts is negative.',
        HINT = 'Give input_tokens with the cached ones included.';
  END IF;
  -- Decimals, so exact: a US dollar per million tokens is 1000 nano dollars per token.
  RETURN (
    SELECT round(
      1000 * (
        (input_tokens - cached_input_tokens) * p.input_usd_per_million_tokens
        + cached_input_tokens * p.cached_input_usd_per_million_tokens
        + output_tokens * p.output_usd_per_million_tokens)
      + 1000000000 * p.usd_per_request)
    FROM model_price_at(model_provider, model_name, instant) AS p);
END;
$$;
COMMENT ON FUNCTION usage_cost_nano_usd(text, text, timestamptz, bigint, bigint, bigint) IS
  'What a request costs by the price in effect at an instant, billionths of a US dollar, as usage_events.cost_nano_usd has it: computed exactly and rounded once, halves up. input_tokens includes cached_input_tokens, which cost their own price instead. Null if no price was in effect or an argument is null';

GRANT SELECT ON models, model_versions, model_deployments, model_prices TO
  tidemark_service, tidemark_analytics, tidemark_auditor, tidemark_extraction;
GRANT SELECT, INSERT, UPDATE ON models, model_versions, model_deployments, model_prices
  TO tidemark_seeding;
GRANT SELECT, INSERT, UPDATE, DELETE ON models, model_versions, model_deployments, model_prices
  TO tidemark_migration;
