-- A run that is killed leaves no row in job_runs: what began and has no end there is running, or was killed.
CREATE TABLE IF NOT EXISTS delta.`${lake}/job_starts` (
  run_id STRING NOT NULL COMMENT 'Identity of the run, as in job_runs [internal]',
  command STRING NOT NULL COMMENT 'rollup, reconcile, repair or maintain [internal]',
  source STRING NOT NULL COMMENT 'Source of the run: postgres:<system identifier> or files:<folder>; lake for maintain [internal]',
  started_at TIMESTAMP NOT NULL COMMENT 'When the run began; UTC, microseconds, by the clock of its machine [internal]',
  process STRING NOT NULL COMMENT 'Number of the process and name of its machine: <number>@<machine> [internal]'
) USING DELTA
COMMENT 'One row a run, appended at its start. A run without a row in job_runs is running, or was killed.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');

CREATE TABLE IF NOT EXISTS delta.`${lake}/job_work` (
  run_id STRING NOT NULL COMMENT 'Identity of the run, as in job_runs [internal]',
  command STRING NOT NULL COMMENT 'Command of the run, as in job_runs [internal]',
  kind STRING NOT NULL COMMENT 'batch, append, unit (a month of a rollup), merge (one attempt), publication, maintenance, or run: conflicts and retries of all of it [internal]',
  table_name STRING COMMENT 'Table that the work was about; null for run [internal]',
  part STRING COMMENT 'Part of it, such as a month; null for all of it [internal]',
  started_at TIMESTAMP NOT NULL COMMENT 'When the work began; UTC, microseconds, by the clock of its machine [internal]',
  duration_ms BIGINT NOT NULL COMMENT 'How long it took; milliseconds [internal]',
  rows_read BIGINT COMMENT 'Rows that the source handed over [internal]',
  rows_duplicate BIGINT COMMENT 'Good rows whose event had been landed before, or stood twice in the batch [internal]',
  rows_inserted BIGINT COMMENT 'Rows inserted [internal]',
  rows_updated BIGINT COMMENT 'Rows updated; of a publication inserted ones too [internal]',
  rows_deleted BIGINT COMMENT 'Rows deleted [internal]',
  rows_copied BIGINT COMMENT 'Rows written again as they were, since they stood in a file with others [internal]',
  windows BIGINT COMMENT 'Hours or days that were recomputed [internal]',
  requests BIGINT COMMENT 'Requests in the recomputed windows [internal]',
  bytes_written BIGINT COMMENT 'Bytes of the files that were added [internal]',
  files_added BIGINT COMMENT 'Files that were added [internal]',
  files_removed BIGINT COMMENT 'Files that were taken out; of maintenance, by how many they became fewer [internal]',
  lag_ms BIGINT COMMENT 'How long the first input had waited; milliseconds. Of a batch since it arrived in the source, of a unit since the commit that it rolls up [internal]',
  conflicts BIGINT COMMENT 'Attempts at which another writer was faster [internal]',
  retries BIGINT COMMENT 'Attempts beyond the first [internal]',
  failure_code STRING COMMENT 'Code of the failure, or the name of the error that has none; null where the work did not fail [internal]'
) USING DELTA
COMMENT 'What the runs did, piece by piece; appended at the end of a run that did anything.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');
