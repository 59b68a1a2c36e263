package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.state.Journal;
import dev.tidemark.migrator.state.OpenStatement;
import dev.tidemark.migrator.state.RunOutcome;
import dev.tidemark.migrator.state.ScriptKind;
import dev.tidemark.migrator.state.StatementEnd;
import dev.tidemark.migrator.state.StatementStart;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The journal of one run. What came of a statement is written together with the beginning of the
 * next: one round trip a statement.
 */
final class RunLog {
  private final Journal journal;
  private final long run;
  private final ScriptKind kind;
  private final OperationObserver observer;
  private Optional<StatementEnd> unwritten = Optional.empty();

  RunLog(Journal journal, long run, ScriptKind kind, OperationObserver observer) {
    this.journal = journal;
    this.run = run;
    this.kind = kind;
    this.observer = observer;
  }

  /** Whether the run goes forward or back. */
  ScriptKind kind() {
    return kind;
  }

  long run() {
    return run;
  }

  OpenStatement begin(StatementStart start, String command) throws SQLException {
    OpenStatement open = journal.beginStatement(unwritten, start);
    unwritten = Optional.empty();
    observer.statementBegins(start, command);
    return open;
  }

  /** Written with the next statement, or when the run ends. */
  void end(StatementEnd end) {
    unwritten = Optional.of(end);
    observer.statementEnds(end);
  }

  /** Was written with what the statement did, and is committed. */
  void ended(StatementEnd end) {
    observer.statementEnds(end);
  }

  /** A statement goes on in another transaction, or outside of any. */
  void move(OpenStatement statement, Optional<String> transaction) throws SQLException {
    journal.moveStatement(statement, transaction);
  }

  void flush() throws SQLException {
    if (unwritten.isPresent()) {
      journal.endStatement(unwritten.get());
      unwritten = Optional.empty();
    }
  }

  void close(RunOutcome outcome, Optional<String> message) throws SQLException {
    flush();
    journal.endRun(run, outcome, message);
    closed(outcome);
  }

  /** Was written with what the script did, and is committed. */
  void closed(RunOutcome outcome) {
    observer.runEnds(outcome);
  }
}
