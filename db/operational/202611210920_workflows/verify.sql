-- Every table keeps tenants apart, for its owner too.
SELECT count(*) = 6 AND bool_and(relrowsecurity AND relforcerowsecurity) FROM pg_class
WHERE oid IN (
  'workflows'::regclass, 'workflow_versions'::regclass, 'workflow_version_models'::regclass,
  'policies'::regclass, 'policy_versions'::regclass, 'policy_bindings'::regclass);

-- What was published never changes, whatever the session's replication role.
SELECT count(*) = 6 FROM pg_trigger
WHERE tgname IN ('refuse_change', 'refuse_truncate') AND tgenabled = 'A'
  AND tgrelid IN (
    'workflow_versions'::regclass, 'workflow_version_models'::regclass, 'policy_versions'::regclass);

-- The same definition has the same digest, however it was written.
SELECT sha256_digest('{"b":1, "a":{}}'::jsonb::text) = sha256_digest('{ "a": {}, "b": 1}'::jsonb::text);

-- Words of workflows are found by an index.
SELECT amname = 'gin' AND indisvalid FROM pg_index
  JOIN pg_class AS c ON c.oid = indexrelid JOIN pg_am AS a ON a.oid = relam
WHERE indexrelid = 'idx_workflows_search_vector'::regclass;
