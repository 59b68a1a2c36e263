INSERT INTO provider_keys (
  id, organization_id, workspace_id, provider_type_code, name, key_ciphertext, encryption_key_id, key_prefix,
  key_last_four) VALUES
  ($provider_key, $organization, NULL, 'openai', 'Main key', decode(repeat('01', 48), 'hex'), 'key-1', 'sk-proj', 'a1b2');
INSERT INTO key_validation_results (id, organization_id, provider_key_id, outcome, http_status, latency_ms) VALUES
  ($key_validation_result, $organization, $provider_key, 'valid', 200, 85);
INSERT INTO connector_installations (
  id, organization_id, workspace_id, connector_type_code, name, config_ciphertext, encryption_key_id,
  installed_by_user_id) VALUES
  ($connector_installation, $organization, $workspace, 'jira', 'Tickets', decode(repeat('01', 64), 'hex'), 'key-1', $author);
INSERT INTO secret_rotation_logs (
  id, organization_id, secret_kind, secret_id, old_encryption_key_id, new_encryption_key_id, reason) VALUES
  ($secret_rotation_log, $organization, 'user_email', $author, 'key-0', 'key-1', 'encryption_key_rotated');
