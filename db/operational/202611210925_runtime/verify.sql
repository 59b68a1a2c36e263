-- Every table keeps tenants apart, for its owner too.
SELECT count(*) = 5 AND bool_and(relrowsecurity AND relforcerowsecurity) FROM pg_class
WHERE oid IN (
  'runs'::regclass, 'steps'::regclass, 'approval_requests'::regclass,
  'approval_decisions'::regclass, 'tool_calls'::regclass);

-- Whatever has a status goes its way only.
SELECT count(*) = 4 FROM pg_trigger
WHERE tgname = 'refuse_transition'
  AND tgrelid IN (
    'runs'::regclass, 'steps'::regclass, 'approval_requests'::regclass, 'tool_calls'::regclass);

-- Decisions are judged before they count.
SELECT count(*) = 2 FROM pg_trigger
WHERE tgname IN ('check_approval_decision', 'close_approval_request') AND tgenabled <> 'D'
  AND tgrelid = 'approval_decisions'::regclass;

-- Decisions stay, whatever the session's replication role.
SELECT count(*) = 4 FROM pg_trigger
WHERE tgname IN ('refuse_change', 'refuse_decision_delete', 'leave_with_run', 'refuse_truncate') AND tgenabled = 'A'
  AND tgrelid = 'approval_decisions'::regclass;

-- A request of a sender runs once.
SELECT indisunique AND indisvalid FROM pg_index
WHERE indexrelid = 'uq_runs_organization_id_idempotency_key'::regclass;
