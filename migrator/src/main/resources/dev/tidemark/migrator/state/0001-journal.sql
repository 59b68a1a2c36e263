-- Flyway's own table, which it would refuse to make in a schema that is not empty.
CREATE TABLE IF NOT EXISTS tidemark.change_set_history (
  installed_rank integer NOT NULL CONSTRAINT change_set_history_pk PRIMARY KEY,
  version varchar(50),
  description varchar(200) NOT NULL,
  type varchar(20) NOT NULL,
  script varchar(1000) NOT NULL,
  checksum integer,
  installed_by varchar(100) NOT NULL,
  installed_on timestamp NOT NULL DEFAULT now(),
  execution_time integer NOT NULL,
  success boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS change_set_history_s_idx ON tidemark.change_set_history (success);
COMMENT ON TABLE tidemark.change_set_history IS 'The change sets that are applied, as Flyway keeps them.';
COMMENT ON COLUMN tidemark.change_set_history.installed_rank IS 'Ascending in the order of application.';
COMMENT ON COLUMN tidemark.change_set_history.version IS 'The change set''s version, YYYYMMDDHHMM.';
COMMENT ON COLUMN tidemark.change_set_history.description IS 'Its description.';
COMMENT ON COLUMN tidemark.change_set_history.type IS 'JDBC: executed by a program.';
COMMENT ON COLUMN tidemark.change_set_history.script IS 'Name of its folder.';
COMMENT ON COLUMN tidemark.change_set_history.checksum IS 'The first 32 bits of its canonical checksum.';
COMMENT ON COLUMN tidemark.change_set_history.installed_by IS 'The role that applied it.';
COMMENT ON COLUMN tidemark.change_set_history.installed_on IS 'When it was applied, in the time zone of that session.';
COMMENT ON COLUMN tidemark.change_set_history.execution_time IS 'How long that took, in milliseconds.';
COMMENT ON COLUMN tidemark.change_set_history.success IS 'Always true; what failed has a flag.';

CREATE TABLE tidemark.operations (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  actor text NOT NULL,
  database_role text NOT NULL DEFAULT current_user,
  client_host text NOT NULL,
  client_pid bigint NOT NULL,
  session_pid integer NOT NULL,
  session_started_at timestamptz NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  outcome text,
  reason text,
  message text,
  CHECK (outcome IN ('done', 'failed', 'refused')),
  CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
COMMENT ON TABLE tidemark.operations IS 'Every operation that changed the schema or meant to. One row an operation.';
COMMENT ON COLUMN tidemark.operations.id IS 'The operation''s own id.';
COMMENT ON COLUMN tidemark.operations.kind IS 'apply, rollback, resolve, seed, baseline, approve.';
COMMENT ON COLUMN tidemark.operations.actor IS 'The person or machine behind it, as configured; else the user of the operating system.';
COMMENT ON COLUMN tidemark.operations.database_role IS 'The role it was done with.';
COMMENT ON COLUMN tidemark.operations.client_host IS 'Name of the machine the migrator ran on.';
COMMENT ON COLUMN tidemark.operations.client_pid IS 'Process number of the migrator on that machine.';
COMMENT ON COLUMN tidemark.operations.session_pid IS 'Process number of the session that held the migrator''s lock.';
COMMENT ON COLUMN tidemark.operations.session_started_at IS 'When that session began; with session_pid it names one session for ever.';
COMMENT ON COLUMN tidemark.operations.started_at IS 'When it began, by the server''s clock.';
COMMENT ON COLUMN tidemark.operations.ended_at IS 'When it ended; null while it is at work, and for ever if its migrator was killed.';
COMMENT ON COLUMN tidemark.operations.outcome IS 'done, failed, or refused by a guard.';
COMMENT ON COLUMN tidemark.operations.reason IS 'Why a person wanted it, in that person''s words.';
COMMENT ON COLUMN tidemark.operations.message IS 'What the migrator said in the end if it was not done.';

CREATE TABLE tidemark.runs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  operation_id uuid NOT NULL REFERENCES tidemark.operations,
  change_set text NOT NULL,
  description text NOT NULL,
  script text NOT NULL CHECK (script IN ('apply', 'rollback')),
  checksum text NOT NULL,
  statements integer NOT NULL,
  transactional boolean NOT NULL,
  session_pid integer NOT NULL,
  session_started_at timestamptz NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  outcome text,
  message text,
  catalogue text,
  CHECK (outcome IN ('done', 'undone', 'stopped')),
  CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX runs_change_set ON tidemark.runs (change_set, id DESC);
COMMENT ON TABLE tidemark.runs IS 'Every time that a script of a change set was run. The youngest of a change set tells where it stands.';
COMMENT ON COLUMN tidemark.runs.id IS 'Ascending in the order of the runs.';
COMMENT ON COLUMN tidemark.runs.operation_id IS 'The operation it was part of.';
COMMENT ON COLUMN tidemark.runs.change_set IS 'The change set''s version, YYYYMMDDHHMM.';
COMMENT ON COLUMN tidemark.runs.description IS 'The change set''s description.';
COMMENT ON COLUMN tidemark.runs.script IS 'apply or rollback.';
COMMENT ON COLUMN tidemark.runs.checksum IS 'Canonical SHA-256 of the script, in hexadecimal.';
COMMENT ON COLUMN tidemark.runs.statements IS 'How many statements the script has.';
COMMENT ON COLUMN tidemark.runs.transactional IS 'Whether all of it happens or nothing.';
COMMENT ON COLUMN tidemark.runs.session_pid IS 'Process number of the session that executed the statements.';
COMMENT ON COLUMN tidemark.runs.session_started_at IS 'When that session began.';
COMMENT ON COLUMN tidemark.runs.started_at IS 'When the run began, by the server''s clock.';
COMMENT ON COLUMN tidemark.runs.ended_at IS 'When it ended; null while it is at work, and if its migrator was killed until the next one looks.';
COMMENT ON COLUMN tidemark.runs.outcome IS 'done; undone: nothing of it is left; stopped: part of it is done.';
COMMENT ON COLUMN tidemark.runs.message IS 'Why it is not done.';
COMMENT ON COLUMN tidemark.runs.catalogue IS 'What the catalogue held before, one line an object; null where a transaction sees to it.';

CREATE TABLE tidemark.journal (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id bigint NOT NULL REFERENCES tidemark.runs,
  script text NOT NULL CHECK (script IN ('apply', 'rollback', 'verify')),
  statement_number integer NOT NULL,
  statement_hash text NOT NULL,
  transaction_id text,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  outcome text CHECK (outcome IN ('done', 'failed')),
  affected_rows bigint,
  attempts integer,
  lock_wait_ms bigint,
  wal_bytes bigint,
  duration_ms bigint,
  sqlstate text,
  message text,
  CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX journal_run ON tidemark.journal (run_id, id);
COMMENT ON TABLE tidemark.journal IS 'Every statement that was executed, written before and after it on a connection of its own.';
COMMENT ON COLUMN tidemark.journal.id IS 'Ascending in the order of execution.';
COMMENT ON COLUMN tidemark.journal.run_id IS 'The run it was part of.';
COMMENT ON COLUMN tidemark.journal.script IS 'apply, rollback or verify.';
COMMENT ON COLUMN tidemark.journal.statement_number IS 'Its place in the script, from 1.';
COMMENT ON COLUMN tidemark.journal.statement_hash IS 'SHA-256 of its canonical text, placeholders filled in, in hexadecimal.';
COMMENT ON COLUMN tidemark.journal.transaction_id IS 'The transaction it was executed in, for pg_xact_status; null outside of one.';
COMMENT ON COLUMN tidemark.journal.started_at IS 'When it began, by the server''s clock.';
COMMENT ON COLUMN tidemark.journal.ended_at IS 'When it ended; null if nobody was left to write it down.';
COMMENT ON COLUMN tidemark.journal.outcome IS 'done or failed. What is done in a transaction lasts only if its run is done.';
COMMENT ON COLUMN tidemark.journal.affected_rows IS 'Rows that it inserted, updated or deleted; null if it counts none.';
COMMENT ON COLUMN tidemark.journal.attempts IS 'How many attempts it took to get its locks, from 1.';
COMMENT ON COLUMN tidemark.journal.lock_wait_ms IS 'How long it was seen waiting for locks, in milliseconds, all attempts together.';
COMMENT ON COLUMN tidemark.journal.wal_bytes IS 'Bytes of WAL that the whole server wrote meanwhile.';
COMMENT ON COLUMN tidemark.journal.duration_ms IS 'How long it took, in milliseconds, waiting included.';
COMMENT ON COLUMN tidemark.journal.sqlstate IS 'What Postgres refused it with.';
COMMENT ON COLUMN tidemark.journal.message IS 'What Postgres said.';

CREATE TABLE tidemark.flags (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  change_set text NOT NULL,
  kind text NOT NULL,
  message text NOT NULL,
  raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  raised_by uuid NOT NULL REFERENCES tidemark.operations,
  resolution text,
  resolved_by uuid REFERENCES tidemark.operations,
  CHECK ((resolution IS NULL) = (resolved_by IS NULL))
);
CREATE UNIQUE INDEX flags_open ON tidemark.flags (change_set) WHERE resolved_by IS NULL;
COMMENT ON TABLE tidemark.flags IS 'Change sets that must not be applied before a person has said what is to become of them.';
COMMENT ON COLUMN tidemark.flags.id IS 'Ascending in the order of raising.';
COMMENT ON COLUMN tidemark.flags.change_set IS 'The change set''s version.';
COMMENT ON COLUMN tidemark.flags.kind IS 'The failure state, such as failed_part_way.';
COMMENT ON COLUMN tidemark.flags.message IS 'What happened.';
COMMENT ON COLUMN tidemark.flags.raised_at IS 'When, by the server''s clock.';
COMMENT ON COLUMN tidemark.flags.raised_by IS 'The operation that raised it.';
COMMENT ON COLUMN tidemark.flags.resolution IS 'retry, mark_applied or mark_rolled_back; null while the flag is up.';
COMMENT ON COLUMN tidemark.flags.resolved_by IS 'The operation that took it down, with the reason.';
