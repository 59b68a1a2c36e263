package dev.tidemark.migrator.state;

import java.util.Optional;
import java.util.OptionalLong;

/** A statement that has begun. Its entry in the journal may be written later, with others. */
public final class OpenStatement {
  private final StatementStart start;
  private final String walPosition;
  private final Optional<String> time;
  private final long startedAt = System.nanoTime();
  private OptionalLong id = OptionalLong.empty();

  private OpenStatement(StatementStart start, String walPosition, Optional<String> time) {
    this.start = start;
    this.walPosition = walPosition;
    this.time = time;
  }

  /**
   * A statement that begins now and has no entry yet.
   *
   * @param now on the server
   */
  public static OpenStatement unwritten(StatementStart start, Moment now) {
    return new OpenStatement(start, now.walPosition(), Optional.of(now.time()));
  }

  static OpenStatement written(StatementStart start, long id, String walPosition) {
    OpenStatement statement = new OpenStatement(start, walPosition, Optional.empty());
    statement.writtenAs(id);
    return statement;
  }

  /** Whether the journal has an entry of it. */
  public boolean isWritten() {
    return id.isPresent();
  }

  /** How long ago it began, in seconds. */
  public double age() {
    return (System.nanoTime() - startedAt) / 1e9;
  }

  StatementStart start() {
    return start;
  }

  String walPosition() {
    return walPosition;
  }

  /** When it began, by the server's clock; empty: when it was written. */
  Optional<String> time() {
    return time;
  }

  long id() {
    return id.orElseThrow();
  }

  void writtenAs(long entry) {
    id = OptionalLong.of(entry);
  }
}
