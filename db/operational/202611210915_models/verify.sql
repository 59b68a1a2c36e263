-- A model is registered once.
SELECT indisunique AND indisvalid FROM pg_index
WHERE indexrelid = 'uq_models_provider_name'::regclass;
