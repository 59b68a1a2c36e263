-- First the column: whoever finds the tables may read it.
ALTER TABLE delta.`${lake}/window_revisions` ADD COLUMNS (
  held_by STRING COMMENT 'Names of the quality rules that hold the window, with commas between; null where it is published [internal]'
);

CREATE TABLE IF NOT EXISTS delta.`${lake}/quality_results` (
  run_id STRING NOT NULL COMMENT 'Run that judged [internal]',
  evaluated_at TIMESTAMP NOT NULL COMMENT 'When the verdict was written; UTC, microseconds [internal]',
  rule STRING NOT NULL COMMENT 'Name of the rule [internal]',
  severity STRING NOT NULL COMMENT 'warn, quarantine or stop [internal]',
  subject STRING NOT NULL COMMENT 'What was judged: landing (the rows of one landing), hour or freshness [internal]',
  window_start TIMESTAMP COMMENT 'Start of the hour; UTC; null where no hour was judged [confidential]',
  outcome STRING NOT NULL COMMENT 'passed, failed, released (failed, and somebody has released the hour from the rule) or unknown (too little history, or an hour that is not over) [internal]',
  observed DOUBLE COMMENT 'Rows or events that break the rule, the figure that was compared with its past, or the age of the newest event in seconds; null where there is none [confidential]',
  expected DOUBLE COMMENT 'What the figure usually is, or the greatest age in seconds; null for conditions [confidential]',
  detail STRING NOT NULL COMMENT 'The verdict in words [confidential]',
  rules_version STRING NOT NULL COMMENT 'Version of the rules by which was judged [internal]'
) USING DELTA
COMMENT 'What came of each quality rule: one row a rule and hour that was recomputed or checked, a rule and landing, or a run.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');

CREATE TABLE IF NOT EXISTS delta.`${lake}/window_releases` (
  window_start TIMESTAMP NOT NULL COMMENT 'Start of the released hour; UTC [confidential]',
  rule STRING NOT NULL COMMENT 'Name of the rule that the hour may break from now on [internal]',
  reason STRING NOT NULL COMMENT 'Why, in the words of who released it [confidential]',
  released_by STRING NOT NULL COMMENT 'Who released it [personal]',
  released_at TIMESTAMP NOT NULL COMMENT 'When; UTC, microseconds [internal]'
) USING DELTA
COMMENT 'Hours that are published although they break a rule.'
TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');
