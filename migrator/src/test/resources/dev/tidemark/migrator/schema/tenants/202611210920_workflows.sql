INSERT INTO workflows (id, organization_id, workspace_id, name, description, risk_tier, status) VALUES
  ($workflow, $organization, $workspace, 'Invoice triage', 'Sorts incoming bills and asks for refunds', 'high', 'active'),
  ($draft_workflow, $organization, $workspace, 'Refund letters', NULL, 'low', 'draft');
BEGIN;
INSERT INTO workflow_versions (
  id, organization_id, workflow_id, semantic_version, definition, model_count, published_by_user_id) VALUES
  ($workflow_version, $organization, $workflow, '1.0.0', '{"steps": [{"name": "sort", "model": "sorter"}]}', 1, $author);
INSERT INTO workflow_version_models (id, organization_id, workflow_version_id, alias, model_version_id) VALUES
  ($workflow_version_model, $organization, $workflow_version, 'sorter', $model_version);
COMMIT;
INSERT INTO policies (id, organization_id, name, status) VALUES
  ($policy, $organization, 'No refunds at night', 'active');
INSERT INTO policy_versions (id, organization_id, policy_id, version_number, rego, published_by_user_id) VALUES
  ($policy_version, $organization, $policy, 1, E'package refunds\n\ndefault allow := false\n', $author);
INSERT INTO policy_bindings (id, organization_id, policy_version_id, workspace_id, workflow_id, priority) VALUES
  ($organization_binding, $organization, $policy_version, NULL, NULL, 10),
  ($workspace_binding, $organization, $policy_version, $workspace, NULL, 10),
  ($workflow_binding, $organization, $policy_version, NULL, $workflow, 10);
