CREATE TABLE IF NOT EXISTS delta.`${lake}/change_sets` (
  version BIGINT NOT NULL COMMENT 'Version of the change set, YYYYMMDDHHMM [internal]',
  description STRING NOT NULL COMMENT 'Rest of the name of its folder [internal]',
  checksum STRING NOT NULL COMMENT 'SHA-256 of the statements of its apply.sql, hexadecimal; comments and white space do not count [internal]',
  applied_at TIMESTAMP NOT NULL COMMENT 'When the row was written; UTC, microseconds, by the clock of the machine [internal]',
  sequence BIGINT COMMENT 'Number of the row; null in rows of programs that knew apply only [internal]',
  row_id STRING COMMENT 'Identity of the row [internal]',
  operation STRING COMMENT 'apply or rollback [internal]',
  outcome STRING COMMENT 'begun, done or failed: one row at the beginning and one at the end [internal]',
  done_by STRING COMMENT 'Who started it, as migrate.actor or the operating system says [personal]',
  host STRING COMMENT 'Machine on which it ran [internal]',
  process BIGINT COMMENT 'Process number there [internal]',
  duration_ms BIGINT COMMENT 'Milliseconds from begin to end; null for a begin [internal]',
  failure STRING COMMENT 'Why it failed; null if it did not [internal]',
  reason STRING COMMENT 'Why rows were allowed to be lost, in the words of who did it; null otherwise [internal]'
) USING DELTA
COMMENT 'History of the change sets of this lake: two rows for each attempt.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');
