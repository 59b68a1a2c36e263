-- CREATE SCHEMA IF NOT EXISTS wants the right to create one even where there is one.
DO $$
BEGIN
  IF to_regnamespace('tidemark') IS NULL THEN
    CREATE SCHEMA tidemark;
  END IF;
END
$$;
REVOKE ALL ON SCHEMA tidemark FROM PUBLIC;
CREATE TABLE IF NOT EXISTS tidemark.state_versions (
  script text PRIMARY KEY,
  executed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE tidemark.state_versions IS 'The scripts that made the migrator''s own tables.';
COMMENT ON COLUMN tidemark.state_versions.script IS 'Name of a script.';
COMMENT ON COLUMN tidemark.state_versions.executed_at IS 'When it was executed here.';
