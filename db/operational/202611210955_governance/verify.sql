-- Requests are isolated, for their owner too.
SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = 'erasure_requests'::regclass;

-- Who changes how long data are kept, or what was asked for, is in the audit log.
SELECT count(*) = 2 FROM pg_trigger
WHERE tgfoid = 'audit_change'::regproc AND tgenabled = 'A'
  AND tgrelid IN ('retention_policies'::regclass, 'erasure_requests'::regclass);

-- Every large table has its policy.
SELECT count(*) = 4 FROM retention_policies
WHERE dataset IN ('usage_events', 'usage_summaries', 'metering_events', 'audit_log_entries') AND deleted_at IS NULL;
