INSERT INTO organizations (id, name, slug) VALUES ($organization, 'Organization', $organization::text);
INSERT INTO workspaces (id, organization_id, name, slug) VALUES
  ($workspace, $organization, 'Support', 'support'),
  ($other_workspace, $organization, 'Sales', 'sales');
INSERT INTO environments (id, organization_id, workspace_id, name, tier) VALUES
  ($environment, $organization, $workspace, 'Production', 'production'),
  ($other_environment, $organization, $other_workspace, 'Production', 'production');
INSERT INTO users (
  id, organization_id, kind, full_name, email_hmac, email_ciphertext, email_key_id)
SELECT id, $organization, 'person', name, sha256(uuid_send(id)), decode(repeat('01', 40), 'hex'), 'key-1'
FROM (VALUES ($author, 'Author'), ($approver, 'Approver'), ($second_approver, 'Second approver')) AS person (id, name);
INSERT INTO users (id, organization_id, kind, full_name) VALUES
  ($service_account, $organization, 'service_account', 'Robot');
INSERT INTO models (id, provider, name, display_name) VALUES
  ($model, 'openai', $model::text, 'Model');
INSERT INTO model_versions (id, model_id, name) VALUES ($model_version, $model, '2026-11-01');
