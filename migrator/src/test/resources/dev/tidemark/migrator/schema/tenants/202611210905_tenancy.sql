INSERT INTO organizations (id, name, slug, region_code, quota_users) VALUES
  ($organization, 'Tenant', $organization::text, 'eu', 50);
INSERT INTO workspaces (id, organization_id, name, slug) VALUES
  ($workspace, $organization, 'Support', 'support'), ($other_workspace, $organization, 'Sales', 'sales');
INSERT INTO environments (id, organization_id, workspace_id, name, tier) VALUES
  ($environment, $organization, $workspace, 'Production', 'production');
INSERT INTO workspace_settings (id, organization_id, workspace_id) VALUES
  ($workspace_setting, $organization, $workspace);
INSERT INTO budgets (id, organization_id, workspace_id, starts_on, limit_amount) VALUES
  ($budget, $organization, NULL, '2026-11-01', 1000), ($workspace_budget, $organization, $workspace, '2026-11-01', 10);
