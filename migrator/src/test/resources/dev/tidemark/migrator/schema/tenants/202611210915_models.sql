INSERT INTO models (id, provider, name, display_name) VALUES ($model, 'openai', $model::text, 'Model');
INSERT INTO model_versions (id, model_id, name) VALUES ($model_version, $model, '2026-11-01');
INSERT INTO model_deployments (id, model_version_id, region_code, name, endpoint_url) VALUES
  ($model_deployment, $model_version, 'eu', $model::text, 'https://models.example/v1');
INSERT INTO model_prices (
  id, model_id, effective_from, effective_to, input_usd_per_million_tokens,
  cached_input_usd_per_million_tokens, output_usd_per_million_tokens) VALUES
  ($old_model_price, $model, '2026-01-01Z', '2026-11-01Z', 2.5, 1.25, 10),
  ($model_price, $model, '2026-11-01Z', NULL, 1.25, 0.125, 10);
