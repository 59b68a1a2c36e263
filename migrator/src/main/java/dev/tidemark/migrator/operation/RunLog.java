package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.state.Journal;
import dev.tidemark.migrator.state.Moment;
import dev.tidemark.migrator.state.OpenStatement;
import dev.tidemark.migrator.state.RunOutcome;
import dev.tidemark.migrator.state.ScriptKind;
import dev.tidemark.migrator.state.StatementEnd;
import dev.tidemark.migrator.state.StatementStart;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of one run.
 *
 * <p>A statement on its own is written down before it is executed, together with what came of the
 * one before: one round trip a statement. Those of one transaction may wait for each other, since a
 * crash takes all of them; what waits is written once {@link #LONGEST_WAIT_SECONDS} are over, when
 * a statement takes as long as that, when one fails, and before the transaction is committed.
 */
final class RunLog {
  private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

  /** As long as a statement takes before anybody looks at it. */
  private static final double LONGEST_WAIT_SECONDS = LockWatch.FIRST_LOOK_MILLIS / 1e3;

  private final Journal journal;
  private final long run;
  private final ScriptKind kind;
  private final OperationObserver observer;
  private final List<StatementEnd> ended = new ArrayList<>();
  private Optional<OpenStatement> open = Optional.empty();

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

  /** Is written before anything else happens. */
  synchronized OpenStatement begin(StatementStart start, String command) throws SQLException {
    Optional<StatementEnd> before = Optional.empty();
    if (ended.size() == 1 && ended.get(0).statement().isWritten()) {
      before = Optional.of(ended.get(0));
    } else {
      flush();
    }
    open = Optional.of(journal.beginStatement(before, start));
    ended.clear();
    observer.statementBegins(start, command);
    return open.get();
  }

  /**
   * Is written with others of its transaction.
   *
   * @param now on the server
   */
  synchronized OpenStatement gather(StatementStart start, String command, Moment now)
      throws SQLException {
    if (!ended.isEmpty() && ended.get(0).statement().age() > LONGEST_WAIT_SECONDS) {
      flush();
    }
    open = Optional.of(OpenStatement.unwritten(start, now));
    observer.statementBegins(start, command);
    return open.get();
  }

  /** Written with the next statement or some later one, or when the run ends. */
  synchronized void end(StatementEnd end) {
    open = Optional.empty();
    ended.add(end);
    observer.statementEnds(end);
  }

  /** Was written with what the statement did, and is committed. */
  synchronized void ended(StatementEnd end) {
    open = Optional.empty();
    observer.statementEnds(end);
  }

  /** A statement goes on in another transaction, or outside of any. */
  synchronized void move(OpenStatement statement, Optional<String> transaction)
      throws SQLException {
    journal.moveStatement(statement, transaction);
  }

  synchronized void flush() throws SQLException {
    journal.write(ended, open);
    ended.clear();
  }

  /** The same; where it fails, so will the next one, and somebody listens to that. */
  void tryToFlush() {
    try {
      flush();
    } catch (SQLException e) {
      LOG.debug("While writing the journal of run {}", run, e);
    }
  }

  synchronized void close(RunOutcome outcome, Optional<String> message) throws SQLException {
    flush();
    journal.endRun(run, outcome, message);
    closed(outcome);
  }

  /** Was written with what the script did, and is committed. */
  void closed(RunOutcome outcome) {
    observer.runEnds(outcome);
  }
}
