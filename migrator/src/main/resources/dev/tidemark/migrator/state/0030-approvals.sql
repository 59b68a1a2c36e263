CREATE FUNCTION tidemark.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION 'tidemark.% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
COMMENT ON FUNCTION tidemark.refuse_change() IS 'Refuses what changes rows that only ever are added.';

CREATE TABLE tidemark.approvals (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  operation_id uuid NOT NULL REFERENCES tidemark.operations,
  change_set text NOT NULL,
  content_checksum text NOT NULL,
  content text NOT NULL,
  decision text NOT NULL CHECK (decision IN ('approved', 'revoked', 'overridden')),
  actor text NOT NULL,
  database_role text NOT NULL DEFAULT session_user,
  decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz,
  reason text,
  CHECK ((decision = 'approved') = (expires_at IS NOT NULL)),
  CHECK (decision <> 'overridden' OR reason IS NOT NULL)
);
CREATE INDEX approvals_change_set ON tidemark.approvals (change_set, id);
COMMENT ON TABLE tidemark.approvals IS 'Who approved which bytes of a change set, took that back, or broke the glass. Rows are only added.';
COMMENT ON COLUMN tidemark.approvals.id IS 'Ascending in the order of decisions.';
COMMENT ON COLUMN tidemark.approvals.operation_id IS 'The operation that it was decided in.';
COMMENT ON COLUMN tidemark.approvals.change_set IS 'The change set''s version, YYYYMMDDHHMM.';
COMMENT ON COLUMN tidemark.approvals.content_checksum IS 'SHA-256 of content, in hexadecimal.';
COMMENT ON COLUMN tidemark.approvals.content IS 'One line a file of the change set''s folder: SHA-256 of its exact bytes, length, name.';
COMMENT ON COLUMN tidemark.approvals.decision IS 'approved; revoked: the same person''s approval of these bytes counts no more; overridden: executed without approval.';
COMMENT ON COLUMN tidemark.approvals.actor IS 'Who decided, as configured; else the user of the operating system.';
COMMENT ON COLUMN tidemark.approvals.database_role IS 'The role that person had logged in with.';
COMMENT ON COLUMN tidemark.approvals.decided_at IS 'When, by the server''s clock.';
COMMENT ON COLUMN tidemark.approvals.expires_at IS 'Until when it counts for apply; null for other decisions.';
COMMENT ON COLUMN tidemark.approvals.reason IS 'Why, in that person''s words.';

CREATE TRIGGER approvals_append_only BEFORE UPDATE OR DELETE ON tidemark.approvals
  FOR EACH ROW EXECUTE FUNCTION tidemark.refuse_change();
CREATE TRIGGER approvals_no_truncate BEFORE TRUNCATE ON tidemark.approvals
  FOR EACH STATEMENT EXECUTE FUNCTION tidemark.refuse_change();
ALTER TABLE tidemark.approvals ENABLE ALWAYS TRIGGER approvals_append_only;
ALTER TABLE tidemark.approvals ENABLE ALWAYS TRIGGER approvals_no_truncate;
