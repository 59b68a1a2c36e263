-- All that a backfill remembers: a chunk is here when all of its work is done.
CREATE TABLE IF NOT EXISTS delta.`${lake}/backfill_chunks` (
  backfill_id STRING NOT NULL COMMENT 'Run with which the backfill began; runs that go on with it have the same [internal]',
  run_id STRING NOT NULL COMMENT 'Run that did the chunk, which marks its commits [internal]',
  source STRING NOT NULL COMMENT 'Source of the run: postgres:<system identifier> or files:<folder> [internal]',
  landed_table STRING NOT NULL COMMENT 'Which history of usage_events it was landed into; what was done for another does not count [internal]',
  range_start TIMESTAMP NOT NULL COMMENT 'Start of the range that is backfilled; UTC [internal]',
  range_end TIMESTAMP NOT NULL COMMENT 'End of the range, not in it; UTC [internal]',
  chunk_start TIMESTAMP NOT NULL COMMENT 'Start of the days that are done; UTC [internal]',
  chunk_end TIMESTAMP NOT NULL COMMENT 'End of the days, not in them; UTC [internal]',
  begun_at TIMESTAMP NOT NULL COMMENT 'When work at the chunk began; UTC, microseconds [internal]',
  ended_at TIMESTAMP NOT NULL COMMENT 'When it was done; UTC, microseconds [internal]',
  events_read BIGINT NOT NULL COMMENT 'Events that the source held [internal]',
  events_landed BIGINT NOT NULL COMMENT 'Events that the lake lacked [internal]',
  events_duplicate BIGINT NOT NULL COMMENT 'Events that it had [internal]',
  events_quarantined BIGINT NOT NULL COMMENT 'Events that were refused [internal]',
  hours BIGINT NOT NULL COMMENT 'Hours that were recomputed [internal]',
  rows_changed BIGINT NOT NULL COMMENT 'Rows of both rollups that were inserted, updated or deleted [internal]',
  history_snapshot STRING COMMENT 'Where nothing had been landed before: the pg_snapshot up to which the history is landed; null otherwise [internal]',
  history_token STRING COMMENT 'Token that was committed in the database after that snapshot [internal]'
) USING DELTA
COMMENT 'What backfills have done: one row a chunk.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');

CREATE TABLE IF NOT EXISTS delta.`${lake}/governor_decisions` (
  run_id STRING NOT NULL COMMENT 'Run for which it was decided [internal]',
  job STRING NOT NULL COMMENT 'What kind of work: backfill [internal]',
  source STRING NOT NULL COMMENT 'Source that the governor looks after [internal]',
  decided_at TIMESTAMP NOT NULL COMMENT 'When; UTC, microseconds [internal]',
  action STRING NOT NULL COMMENT 'go: a chunk may begin; hold: the first decision of a hold; give-up: held for too long; control: an order of the control file [internal]',
  chunk_start TIMESTAMP COMMENT 'Start of the days that may be done; UTC [internal]',
  chunk_end TIMESTAMP COMMENT 'End of the days, not in them; UTC [internal]',
  chunk_days BIGINT COMMENT 'How many days [internal]',
  pause_ms BIGINT COMMENT 'Pause before the chunk, or until the next look, in milliseconds [internal]',
  share_percent BIGINT COMMENT 'Share of the time that the job may be at work, in percent; 0 while it is held [internal]',
  reason STRING COMMENT 'Why it is not at full speed; null if nothing is in the way [internal]',
  signals STRING COMMENT 'Every signal with what it asked for and its value [internal]'
) USING DELTA
COMMENT 'What the governor decided, and why.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');
