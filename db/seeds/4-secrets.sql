INSERT INTO provider_keys (
  id, organization_id, workspace_id, provider_type_code, name, endpoint_url, key_ciphertext,
  encryption_key_id, key_prefix, key_last_four)
SELECT
  pg_temp.seed_id('provider_keys', organization, name), pg_temp.seed_id('organizations', organization),
  pg_temp.seed_id('workspaces', organization, workspace), provider, name, endpoint,
  decode(key_ciphertext, 'hex'), encryption_key_id, key_prefix, key_last_four
FROM seed_provider_keys
ON CONFLICT (id) DO NOTHING;

INSERT INTO connector_installations (
  id, organization_id, workspace_id, connector_type_code, name, config_ciphertext,
  encryption_key_id, installed_by_user_id)
SELECT
  pg_temp.seed_id('connector_installations', organization, name),
  pg_temp.seed_id('organizations', organization),
  pg_temp.seed_id('workspaces', organization, workspace), connector, name,
  decode(config_ciphertext, 'hex'), encryption_key_id, pg_temp.seed_id('users', organization, handle)
FROM seed_connector_installations
ON CONFLICT (id) DO NOTHING;
