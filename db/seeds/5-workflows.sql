INSERT INTO workflows (id, organization_id, workspace_id, name, description, risk_tier, status)
VALUES (
  pg_temp.seed_id('workflows', 'harbour-labs', 'support', 'Answer a customer'),
  pg_temp.seed_id('organizations', 'harbour-labs'),
  pg_temp.seed_id('workspaces', 'harbour-labs', 'support'),
  'Answer a customer',
  'Finds what the customer asks, drafts an answer, and lets a person approve it before it is sent',
  'medium', 'active')
ON CONFLICT (id) DO NOTHING;

-- Triggers look at a version and its models before a conflict is seen, so what is there is not
-- even tried.
INSERT INTO workflow_versions (
  id, organization_id, workflow_id, semantic_version, definition, model_count, published_by_user_id)
SELECT
  pg_temp.seed_id('workflow_versions', 'harbour-labs', 'Answer a customer', '1.0.0'),
  pg_temp.seed_id('organizations', 'harbour-labs'),
  pg_temp.seed_id('workflows', 'harbour-labs', 'support', 'Answer a customer'),
  '1.0.0',
  '{"steps": [
      {"name": "understand", "model": "reader"},
      {"name": "draft", "model": "writer"},
      {"name": "approve", "approval": "medium"},
      {"name": "send", "connector": "Support channel"}]}',
  2,
  pg_temp.seed_id('users', 'harbour-labs', 'maria')
WHERE NOT EXISTS (
  SELECT FROM workflow_versions
  WHERE id = pg_temp.seed_id('workflow_versions', 'harbour-labs', 'Answer a customer', '1.0.0'));

INSERT INTO workflow_version_models (
  id, organization_id, workflow_version_id, alias, model_version_id)
SELECT
  pg_temp.seed_id('workflow_version_models', 'harbour-labs', 'Answer a customer', '1.0.0', alias),
  pg_temp.seed_id('organizations', 'harbour-labs'),
  pg_temp.seed_id('workflow_versions', 'harbour-labs', 'Answer a customer', '1.0.0'),
  alias,
  pg_temp.seed_id('model_versions', model, version)
FROM (VALUES
  ('reader', 'tidepool-mini', '2026-06-15'),
  ('writer', 'tidepool-chat', '2026-09-01')) AS pin (alias, model, version)
WHERE NOT EXISTS (
  SELECT FROM workflow_version_models
  WHERE workflow_version_id
    = pg_temp.seed_id('workflow_versions', 'harbour-labs', 'Answer a customer', '1.0.0'));

INSERT INTO policies (id, organization_id, name, description, status)
VALUES (
  pg_temp.seed_id('policies', 'harbour-labs', 'A person reads first'),
  pg_temp.seed_id('organizations', 'harbour-labs'),
  'A person reads first',
  'What goes to a customer waits for an approval', 'active')
ON CONFLICT (id) DO NOTHING;

INSERT INTO policy_versions (
  id, organization_id, policy_id, version_number, rego, published_by_user_id)
SELECT
  pg_temp.seed_id('policy_versions', 'harbour-labs', 'A person reads first', '1'),
  pg_temp.seed_id('organizations', 'harbour-labs'),
  pg_temp.seed_id('policies', 'harbour-labs', 'A person reads first'),
  1,
  $rego$package tidemark.approval

import rego.v1

default allow := false

allow if input.step.connector == null

allow if input.approval.verdict == "approve"
$rego$,
  pg_temp.seed_id('users', 'harbour-labs', 'maria')
WHERE NOT EXISTS (
  SELECT FROM policy_versions
  WHERE id = pg_temp.seed_id('policy_versions', 'harbour-labs', 'A person reads first', '1'));

INSERT INTO policy_bindings (
  id, organization_id, policy_version_id, workspace_id, priority, enforcement)
VALUES (
  pg_temp.seed_id('policy_bindings', 'harbour-labs', 'A person reads first', 'support'),
  pg_temp.seed_id('organizations', 'harbour-labs'),
  pg_temp.seed_id('policy_versions', 'harbour-labs', 'A person reads first', '1'),
  pg_temp.seed_id('workspaces', 'harbour-labs', 'support'),
  100, 'require_approval')
ON CONFLICT (id) DO NOTHING;
