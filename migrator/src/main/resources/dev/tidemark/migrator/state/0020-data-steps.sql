CREATE TABLE tidemark.data_steps (
  change_set text NOT NULL,
  step_number integer NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  position text,
  batches bigint NOT NULL DEFAULT 0,
  rows_walked bigint NOT NULL DEFAULT 0,
  rows_changed bigint NOT NULL DEFAULT 0,
  rows_expected bigint NOT NULL,
  batch_size bigint NOT NULL,
  worked_ms bigint NOT NULL DEFAULT 0,
  held_ms bigint NOT NULL DEFAULT 0,
  share double precision NOT NULL DEFAULT 0,
  slowed_by text,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  PRIMARY KEY (change_set, name)
);
COMMENT ON TABLE tidemark.data_steps IS 'How far the data steps of change sets have come. A batch and its progress here are one transaction.';
COMMENT ON COLUMN tidemark.data_steps.change_set IS 'The change set''s version, YYYYMMDDHHMM.';
COMMENT ON COLUMN tidemark.data_steps.step_number IS 'Its place among the data steps of the change set, from 1.';
COMMENT ON COLUMN tidemark.data_steps.name IS 'The data step''s name.';
COMMENT ON COLUMN tidemark.data_steps.checksum IS 'SHA-256 of what it does, in hexadecimal.';
COMMENT ON COLUMN tidemark.data_steps.position IS 'The greatest key that was walked; null before the first batch.';
COMMENT ON COLUMN tidemark.data_steps.batches IS 'Batches committed.';
COMMENT ON COLUMN tidemark.data_steps.rows_walked IS 'Keys that these batches spanned.';
COMMENT ON COLUMN tidemark.data_steps.rows_changed IS 'Rows that their statements changed.';
COMMENT ON COLUMN tidemark.data_steps.rows_expected IS 'Keys in the table as the planner estimated when the step began.';
COMMENT ON COLUMN tidemark.data_steps.batch_size IS 'Keys that the last batch was to have.';
COMMENT ON COLUMN tidemark.data_steps.worked_ms IS 'Time the batches took, in milliseconds, pauses not counted.';
COMMENT ON COLUMN tidemark.data_steps.held_ms IS 'Time it was held because a signal said stop, in milliseconds.';
COMMENT ON COLUMN tidemark.data_steps.share IS 'The share of the time that it was last allowed to work, 0 to 1.';
COMMENT ON COLUMN tidemark.data_steps.slowed_by IS 'What slowed it down last, in words; null if nothing did.';
COMMENT ON COLUMN tidemark.data_steps.started_at IS 'When it began, by the server''s clock.';
COMMENT ON COLUMN tidemark.data_steps.updated_at IS 'When its last batch was committed.';
COMMENT ON COLUMN tidemark.data_steps.finished_at IS 'When it had walked the whole table; null before.';

ALTER TABLE tidemark.journal
  DROP CONSTRAINT journal_script_check,
  ADD CONSTRAINT journal_script_check CHECK (script IN ('apply', 'rollback', 'verify', 'data'));
COMMENT ON COLUMN tidemark.journal.script IS 'apply, rollback, verify, or data: a data step.';
COMMENT ON COLUMN tidemark.journal.statement_number IS 'Its place in the script, or among the data steps, from 1.';
