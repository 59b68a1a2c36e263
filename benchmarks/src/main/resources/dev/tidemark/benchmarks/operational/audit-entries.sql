SELECT append_audit_entry(
  ?, 'workflows.update', 'workflows', gen_random_uuid(), '{"status": "draft"}',
  jsonb_build_object('status', 'active', 'name', 'Workflow ' || number))
FROM generate_series(1, ?) AS numbers (number)
