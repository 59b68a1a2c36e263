CREATE TABLE tidemark.lint_results (
  checksum text PRIMARY KEY,
  change_set text NOT NULL,
  judged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  findings jsonb NOT NULL
);
COMMENT ON TABLE tidemark.lint_results IS 'What lint found in a change set, so that it is not traced again.';
COMMENT ON COLUMN tidemark.lint_results.checksum IS 'SHA-256 of the change set''s exact bytes, of those before it, and of the rules'' version.';
COMMENT ON COLUMN tidemark.lint_results.change_set IS 'Name of its folder.';
COMMENT ON COLUMN tidemark.lint_results.judged_at IS 'When it was traced.';
COMMENT ON COLUMN tidemark.lint_results.findings IS 'The findings that stand, as if every table were big.';
