INSERT INTO audit_settings (id, organization_id, retention, export_destination, export_format) VALUES
  ($audit_setting, $organization, '365 days', 's3://audit/harbour', 'jsonl');
INSERT INTO audit_checkpoints (id, organization_id, sequence, entry_hash, occurred_at) VALUES
  ($audit_checkpoint, $organization, 1, sha256('one'), '2026-10-31 23:00Z');
