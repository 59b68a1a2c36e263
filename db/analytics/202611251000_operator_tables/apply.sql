-- One row each time a window was recomputed; the newest row of a window says what it is like now.
CREATE TABLE IF NOT EXISTS delta.`${lake}/window_revisions` (
  grain STRING NOT NULL COMMENT 'hour or day [internal]',
  window_start TIMESTAMP NOT NULL COMMENT 'Start of the hour or day; UTC [confidential]',
  input_id STRING NOT NULL COMMENT 'Identity of the Delta table from which the window was computed [internal]',
  transaction_version BIGINT NOT NULL COMMENT 'Transaction version of the MERGE that wrote the window; among rows of one input the highest is the newest [internal]',
  definition_version STRING NOT NULL COMMENT 'Version of the definition of rollups with which the window was computed [internal]',
  state STRING NOT NULL COMMENT 'published, or held back from readers [internal]',
  run_id STRING NOT NULL COMMENT 'Run that recomputed the window [internal]',
  rolled_up_at TIMESTAMP NOT NULL COMMENT 'When that run began to roll up; UTC, microseconds [internal]',
  series_count BIGINT NOT NULL COMMENT 'Rows of the rollup in this window [confidential]',
  request_count BIGINT NOT NULL COMMENT 'Requests in this window [confidential]',
  fingerprint BIGINT NOT NULL COMMENT 'Hash over the numbers of all rows of the window: equal as long as none of them changes [internal]',
  lateness ARRAY<BIGINT> COMMENT 'Events by the time from occurred_at to received_at: up to 1 and 5 and 15 minutes, 1 and 6 hours, 1 and 3 and 7 and 30 days, and longer; null for days, which are the sum of their hours [confidential]'
) USING DELTA
COMMENT 'What each recomputation of an hour or a day came to. The view window_status shows how windows are now.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');

CREATE TABLE IF NOT EXISTS delta.`${lake}/job_runs` (
  run_id STRING NOT NULL COMMENT 'Identity of the run, which marks its commits [internal]',
  command STRING NOT NULL COMMENT 'rollup, publish, reconcile or repair [internal]',
  source STRING NOT NULL COMMENT 'Source of the run: postgres:<system identifier> or files:<folder> [internal]',
  started_at TIMESTAMP NOT NULL COMMENT 'When the run began; UTC, microseconds, by the clock of its machine [internal]',
  ended_at TIMESTAMP NOT NULL COMMENT 'When the run ended; UTC, microseconds [internal]',
  outcome STRING NOT NULL COMMENT 'done, mismatch or failed [internal]',
  failure_code STRING COMMENT 'Code of the failure, such as TM-PIP-004, or the name of the error that has none; null where the run did not fail [internal]',
  data_as_of TIMESTAMP COMMENT 'Everything that the source held at this time is in the rollups; UTC, microseconds; null where the run does not prove it [internal]',
  landed_version BIGINT COMMENT 'Version of usage_events that the rollups equal after the run; null where the run failed [internal]',
  events_read BIGINT COMMENT 'Rows that the source handed over [internal]',
  events_landed BIGINT COMMENT 'Events that were new in the lake [internal]',
  events_duplicate BIGINT COMMENT 'Events that had been delivered before [internal]',
  events_quarantined BIGINT COMMENT 'Events that were refused [internal]',
  hours BIGINT COMMENT 'Hours that were recomputed, or compared [internal]',
  days BIGINT COMMENT 'Days that were recomputed, or compared [internal]',
  rows_changed BIGINT COMMENT 'Rows of both rollups that were inserted, updated or deleted [internal]',
  mismatches BIGINT COMMENT 'Windows on whose numbers two sides disagree [internal]'
) USING DELTA
COMMENT 'One row a run, appended at its end.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');

CREATE TABLE IF NOT EXISTS delta.`${lake}/reconciliation_results` (
  run_id STRING NOT NULL COMMENT 'Run that compared [internal]',
  compared_at TIMESTAMP NOT NULL COMMENT 'When it compared; UTC, microseconds [internal]',
  comparison STRING NOT NULL COMMENT 'source-landed, landed-hourly, hourly-daily; phantom: landed events that the source has lost, on the right [internal]',
  window_start TIMESTAMP NOT NULL COMMENT 'Start of the hour, for hourly-daily of the day; UTC [confidential]',
  measure STRING NOT NULL COMMENT 'requests, errors, input_tokens, cached_input_tokens, output_tokens, cost_nano_usd or latencies (the mass of the histograms) [internal]',
  expected BIGINT COMMENT 'Figure of the left side; null where it has no such window [confidential]',
  actual BIGINT COMMENT 'Figure of the right side; null where it has no such window [confidential]',
  difference BIGINT NOT NULL COMMENT 'The right figure less the left one, taking none for 0 [confidential]',
  agrees BOOLEAN NOT NULL COMMENT 'Whether both sides have the same figure [internal]',
  compared_date DATE NOT NULL COMMENT 'UTC date of compared_at [internal]'
) USING DELTA
PARTITIONED BY (compared_date)
COMMENT 'What each reconciliation compared: one row a window and figure.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');
