DROP FUNCTION usage_cost_nano_usd(text, text, timestamptz, bigint, bigint, bigint);
DROP FUNCTION model_price_at(text, text, timestamptz);
DROP TABLE model_prices;
DROP TABLE model_deployments;
DROP TABLE model_versions;
DROP TABLE models;
DROP TYPE deployment_status;
DROP TYPE model_status;
