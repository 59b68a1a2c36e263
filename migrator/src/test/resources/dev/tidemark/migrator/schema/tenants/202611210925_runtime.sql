INSERT INTO runs (
  id, organization_id, workspace_id, environment_id, workflow_id, workflow_version_id, requested_by_user_id,
  idempotency_key, status, started_at) VALUES
  ($run, $organization, $workspace, $environment, $workflow, $workflow_version, $author,
   'order-1', 'running', '2026-11-20 10:00Z');
INSERT INTO steps (
  id, organization_id, run_id, sequence_number, name, status, retry_limit, started_at) VALUES
  ($step, $organization, $run, 1, 'sort', 'running', 2, '2026-11-20 10:00Z');
INSERT INTO approval_requests (
  id, organization_id, run_id, step_id, requested_by_user_id, risk_tier, reason, required_approvals,
  created_at, expires_at) VALUES
  ($approval_request, $organization, $run, $step, $author, 'high', 'May 120 EUR be paid back?', 2,
   '2026-11-20 10:00Z', '2099-12-31 00:00Z');
INSERT INTO approval_decisions (id, organization_id, approval_request_id, decided_by_user_id, verdict) VALUES
  ($approval_decision, $organization, $approval_request, $approver, 'approve');
INSERT INTO tool_calls (
  id, organization_id, step_id, kind, model_version_id, operation, status, started_at, finished_at,
  input_tokens, output_tokens, cost_nano_usd) VALUES
  ($tool_call, $organization, $step, 'llm', $model_version, 'chat', 'succeeded',
   '2026-11-20 10:00Z', '2026-11-20 10:00:01.5Z', 900, 80, 1234567),
  ($running_call, $organization, $step, 'llm', $model_version, 'chat', 'running',
   '2026-11-20 10:00Z', NULL, 0, 0, 0);
