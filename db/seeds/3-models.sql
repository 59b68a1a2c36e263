INSERT INTO models (id, provider, name, display_name, context_window_tokens)
SELECT pg_temp.seed_id('models', name), 'tidepool', name, display_name, context::integer
FROM seed_models
ON CONFLICT (id) DO NOTHING;

INSERT INTO model_versions (id, model_id, name, released_on)
SELECT
  pg_temp.seed_id('model_versions', name, version), pg_temp.seed_id('models', name), version,
  released::date
FROM seed_models
ON CONFLICT (id) DO NOTHING;

INSERT INTO model_deployments (id, model_version_id, region_code, name, endpoint_url, status)
SELECT
  pg_temp.seed_id('model_deployments', name, version, region),
  pg_temp.seed_id('model_versions', name, version),
  region, name || '-' || region, format('https://%s.tidepool.example/v1/%s', region, name), 'active'
FROM seed_models CROSS JOIN unnest(ARRAY['eu', 'us']) AS region
ON CONFLICT (id) DO NOTHING;

-- No conflict target would know the exclusion of overlapping prices.
INSERT INTO model_prices (
  id, model_id, effective_from, input_usd_per_million_tokens, cached_input_usd_per_million_tokens,
  output_usd_per_million_tokens)
SELECT
  pg_temp.seed_id('model_prices', name, released), pg_temp.seed_id('models', name),
  released::timestamptz, input::numeric, cached_input::numeric, output::numeric
FROM seed_models
WHERE pg_temp.seed_id('model_prices', name, released) NOT IN (SELECT id FROM model_prices);
