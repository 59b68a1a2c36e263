package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.state.OperationKind;
import dev.tidemark.migrator.state.RunOutcome;
import dev.tidemark.migrator.state.RunStart;
import dev.tidemark.migrator.state.StatementEnd;
import dev.tidemark.migrator.state.StatementStart;
import java.util.List;
import java.util.Optional;

/** Tells each of several observers, in order. */
record Observers(List<OperationObserver> observers) implements OperationObserver {
  @Override
  public void progress(String line) {
    observers.forEach(observer -> observer.progress(line));
  }

  @Override
  public void notice(String line) {
    observers.forEach(observer -> observer.notice(line));
  }

  @Override
  public void operationBegins(OperationKind kind, Database database) {
    observers.forEach(observer -> observer.operationBegins(kind, database));
  }

  @Override
  public void operationEnds(Optional<Throwable> failure) {
    observers.forEach(observer -> observer.operationEnds(failure));
  }

  @Override
  public void runBegins(long run, RunStart start, List<String> tables) {
    observers.forEach(observer -> observer.runBegins(run, start, tables));
  }

  @Override
  public void runEnds(RunOutcome outcome) {
    observers.forEach(observer -> observer.runEnds(outcome));
  }

  @Override
  public void statementBegins(StatementStart start, String command) {
    observers.forEach(observer -> observer.statementBegins(start, command));
  }

  @Override
  public void statementEnds(StatementEnd end) {
    observers.forEach(observer -> observer.statementEnds(end));
  }
}
