-- A model is registered once.
SELECT indisunique AND indisvalid FROM pg_index
WHERE indexrelid = 'uq_models_provider_name'::regclass;

-- Prices of a model cannot overlap.
SELECT count(*) = 1 FROM pg_constraint
WHERE conrelid = 'model_prices'::regclass AND contype = 'x';

-- Whoever works for one tenant reads the registry and does not write it.
SELECT bool_and(
  has_table_privilege(role, registry, 'SELECT')
  AND NOT has_table_privilege(role, registry, 'INSERT, UPDATE, DELETE, TRUNCATE'))
FROM unnest(ARRAY['models', 'model_versions', 'model_deployments', 'model_prices']) AS registry,
  unnest(ARRAY['tidemark_service', 'tidemark_analytics', 'tidemark_auditor']) AS role;
