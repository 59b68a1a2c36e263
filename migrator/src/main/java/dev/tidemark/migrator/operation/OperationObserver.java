package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.state.OperationKind;
import dev.tidemark.migrator.state.RunOutcome;
import dev.tidemark.migrator.state.RunStart;
import dev.tidemark.migrator.state.StatementEnd;
import dev.tidemark.migrator.state.StatementStart;
import java.util.List;
import java.util.Optional;

/**
 * Is told what an operation is doing: in lines for people, and as facts for machines. An operation
 * runs scripts, a script executes statements; one thread tells of their beginnings and ends, which
 * nest. Where nobody is left to see how something ended, only the end of the operation is told.
 */
public interface OperationObserver {
  /** Hears nothing. */
  OperationObserver NONE =
      new OperationObserver() {
        @Override
        public void progress(String line) {
          // Not wanted.
        }

        @Override
        public void notice(String line) {
          // Not wanted.
        }
      };

  /** What is being done; the next line supersedes it. */
  void progress(String line);

  /** What a person may want to act on: a lock that is not to be had, and who has it. */
  void notice(String line);

  /** An operation begins; it has no lock yet. */
  default void operationBegins(OperationKind kind, Database database) {}

  /**
   * The operation is over, and all that was begun within it.
   *
   * @param failure what it ended with; empty if it is done
   */
  default void operationEnds(Optional<Throwable> failure) {}

  /**
   * A script begins.
   *
   * @param run its number in the journal
   * @param tables what the change set says that it touches
   */
  default void runBegins(long run, RunStart start, List<String> tables) {}

  /** The script is over, and what it did is committed or undone. */
  default void runEnds(RunOutcome outcome) {}

  /**
   * A statement begins.
   *
   * @param command its first word in capital letters, such as {@code ALTER}
   */
  default void statementBegins(StatementStart start, String command) {}

  /** The statement is over, after all its attempts. */
  default void statementEnds(StatementEnd end) {}

  /** Tells several. */
  static OperationObserver all(List<OperationObserver> observers) {
    return new Observers(observers);
  }
}
