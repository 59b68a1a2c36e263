INSERT INTO organizations (id, name, slug) VALUES ($organization, $organization::text, $organization::text);
INSERT INTO workspaces (id, organization_id, name, slug) VALUES
  ($workspace, $organization, 'Support', 'support'), ($other_workspace, $organization, 'Sales', 'sales');
INSERT INTO environments (id, organization_id, workspace_id, name, tier) VALUES ($environment, $organization, $workspace, 'Production', 'production');
INSERT INTO users (id, organization_id, kind, full_name, email_hmac, email_ciphertext) VALUES
  ($author, $organization, 'person', 'Author', sha256(convert_to($author::text, 'UTF8')), 'x'),
  ($approver, $organization, 'person', 'Approver', sha256(convert_to($approver::text, 'UTF8')), 'x'),
  ($second_approver, $organization, 'person', 'Second approver', sha256(convert_to($second_approver::text, 'UTF8')), 'x'),
  ($service_account, $organization, 'service_account', 'Robot', NULL, NULL);
INSERT INTO model_versions (id) VALUES ($model_version);
