DO $$
DECLARE
  audited regclass;
BEGIN
  FOR audited IN SELECT tgrelid FROM pg_trigger WHERE tgfoid = 'audit_change'::regproc AND tgparentid = 0 LOOP
    EXECUTE format('DROP TRIGGER audit_change ON %s', audited);
  END LOOP;
END;
$$;
DROP FUNCTION checkpoint_audit_partition(regclass);
DROP FUNCTION export_audit_log(uuid, timestamptz, timestamptz);
DROP FUNCTION verify_audit_chains();
DROP FUNCTION verify_audit_chain(uuid, bigint);
DROP FUNCTION erase_audit_values_of(uuid, text, uuid);
DROP FUNCTION erase_expired_audit_values(integer);
DROP FUNCTION record_audit_event(text, text, uuid, jsonb);
DROP TABLE audit_events;
DROP FUNCTION write_audit_event();
DROP FUNCTION audit_changes_of(regclass, text);
DROP FUNCTION audit_change();
DROP FUNCTION append_audit_entry(uuid, text, text, uuid, jsonb, jsonb);
DROP FUNCTION audit_redacted(jsonb, text[]);
DROP FUNCTION audit_entry_hash(audit_log_entries);
DROP FUNCTION audit_canonical_text(audit_log_entries);
DROP FUNCTION audit_address_digest(bytea, inet);
DROP FUNCTION audit_values_digest(bytea, jsonb, jsonb);
DROP FUNCTION audit_instant_text(timestamptz);
DROP FUNCTION audit_erasure_is_written(uuid, text, uuid, bigint);
DROP TABLE audit_log_entries;
DROP FUNCTION refuse_audit_change();
DROP TABLE audit_checkpoints;
DROP TABLE audit_chain_heads;
DROP TABLE audit_settings;
DROP FUNCTION create_month_partitions(regclass, interval, interval);
DROP FUNCTION attach_month_partition(regclass, timestamptz);
DROP FUNCTION guard_month_partition(regclass);
DROP TYPE audit_problem;
DROP TYPE audit_export_format;
DROP TYPE audit_source;
