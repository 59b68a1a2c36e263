-- Tombstones (EX-21): what was erased is not landed again, whoever delivers it.
CREATE TABLE IF NOT EXISTS delta.`${lake}/erasures` (
  subject_high BIGINT NOT NULL COMMENT 'Upper 64 bits of a keyed 128-bit hash of the organization and the user, or of the organization alone [internal]',
  subject_low BIGINT NOT NULL COMMENT 'Lower 64 bits of that hash [internal]',
  erased_through TIMESTAMP NOT NULL COMMENT 'Events of the subject up to this time are erased and not landed again; UTC, microseconds [internal]',
  erased_at TIMESTAMP NOT NULL COMMENT 'When the erasure began; UTC, microseconds [internal]',
  run_id STRING NOT NULL COMMENT 'Run that erased [internal]',
  request_id STRING COMMENT 'Request for erasure that it answers; null where none was named [internal]'
) USING DELTA
COMMENT 'Whose events were erased, as hashes that only the key of this lake can repeat. One row an erasure.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');
