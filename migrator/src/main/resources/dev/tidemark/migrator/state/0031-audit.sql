CREATE TABLE tidemark.audit_entries (
  number bigint PRIMARY KEY,
  operation_id uuid NOT NULL,
  stage text NOT NULL CHECK (stage IN ('begun', 'ended', 'key', 'accepted')),
  operation text NOT NULL,
  change_sets text NOT NULL,
  payload_checksum text,
  reason text,
  outcome text,
  message text,
  recorded_at timestamptz NOT NULL,
  actor text NOT NULL,
  database_role text NOT NULL,
  client_host text NOT NULL,
  client_pid bigint NOT NULL,
  program_version text NOT NULL,
  key_id text NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL
);
COMMENT ON TABLE tidemark.audit_entries IS 'What the migrator did and was asked to do: a keyed chain of hashes, to which entries are only added.';
COMMENT ON COLUMN tidemark.audit_entries.number IS 'From 1, without gaps.';
COMMENT ON COLUMN tidemark.audit_entries.operation_id IS 'The operation, as in tidemark.operations.';
COMMENT ON COLUMN tidemark.audit_entries.stage IS 'begun: about to change something; ended: over; key: another key signs from here on; accepted: a person took what stands before for granted.';
COMMENT ON COLUMN tidemark.audit_entries.operation IS 'Such as apply, rollback or seed.';
COMMENT ON COLUMN tidemark.audit_entries.change_sets IS 'The change sets it is about, in its order, with commas between; empty if none.';
COMMENT ON COLUMN tidemark.audit_entries.payload_checksum IS 'SHA-256 of the exact bytes of those change sets; of an accepted entry, of all entries before it; of a key entry, the other key''s id.';
COMMENT ON COLUMN tidemark.audit_entries.reason IS 'Why a person wanted it, in that person''s words.';
COMMENT ON COLUMN tidemark.audit_entries.outcome IS 'done, failed, or refused by a guard.';
COMMENT ON COLUMN tidemark.audit_entries.message IS 'What the migrator said in the end if it was not done.';
COMMENT ON COLUMN tidemark.audit_entries.recorded_at IS 'When, by the server''s clock.';
COMMENT ON COLUMN tidemark.audit_entries.actor IS 'The person or machine behind it, as configured; else the user of the operating system.';
COMMENT ON COLUMN tidemark.audit_entries.database_role IS 'The role that was logged in.';
COMMENT ON COLUMN tidemark.audit_entries.client_host IS 'Name of the machine the migrator ran on.';
COMMENT ON COLUMN tidemark.audit_entries.client_pid IS 'Process number of the migrator on that machine.';
COMMENT ON COLUMN tidemark.audit_entries.program_version IS 'Version of the migrator.';
COMMENT ON COLUMN tidemark.audit_entries.key_id IS 'The key that signs it; tells one key from another and nothing more.';
COMMENT ON COLUMN tidemark.audit_entries.previous_hash IS 'hash of the entry before; of the first one, 64 zeros.';
COMMENT ON COLUMN tidemark.audit_entries.hash IS 'HMAC-SHA256 of all the other columns, in hexadecimal.';

CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON tidemark.audit_entries
  FOR EACH ROW EXECUTE FUNCTION tidemark.refuse_change();
CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON tidemark.audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION tidemark.refuse_change();
ALTER TABLE tidemark.audit_entries ENABLE ALWAYS TRIGGER audit_entries_append_only;
ALTER TABLE tidemark.audit_entries ENABLE ALWAYS TRIGGER audit_entries_no_truncate;
