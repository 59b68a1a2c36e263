CREATE TABLE tidemark.usage_observations (
  kind text NOT NULL CHECK (kind IN ('table', 'index')),
  name text NOT NULL,
  relation bigint NOT NULL,
  counters text NOT NULL,
  statistics_epoch text NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (kind, name, first_seen_at)
);
COMMENT ON TABLE tidemark.usage_observations IS 'Stretches of time in which the server''s counters of a relation stood still. Evidence for contract change sets.';
COMMENT ON COLUMN tidemark.usage_observations.kind IS 'table or index.';
COMMENT ON COLUMN tidemark.usage_observations.name IS 'Its name as changeset.conf has it.';
COMMENT ON COLUMN tidemark.usage_observations.relation IS 'Its identifier in pg_class: a relation made anew is another one.';
COMMENT ON COLUMN tidemark.usage_observations.counters IS 'What it was used for, its partitions included.';
COMMENT ON COLUMN tidemark.usage_observations.statistics_epoch IS 'When the server''s statistics were reset last: by hand, or by a crash.';
COMMENT ON COLUMN tidemark.usage_observations.first_seen_at IS 'When the counters were first read as they are, by the server''s clock.';
COMMENT ON COLUMN tidemark.usage_observations.last_seen_at IS 'When they were last read so.';

ALTER TABLE tidemark.lint_results ADD COLUMN rewritten text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN tidemark.lint_results.rewritten IS 'Names of the old tables that it writes anew.';
