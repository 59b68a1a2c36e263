package dev.tidemark.migrator.state;

import java.util.OptionalLong;

/** A statement that has begun. Its entry in the journal may be written later, with others. */
public final class OpenStatement {
  private final StatementStart start;
  private final String walPosition;
  private final long startedAt = System.nanoTime();
  private OptionalLong id = OptionalLong.empty();

  private OpenStatement(StatementStart start, String walPosition) {
    this.start = start;
    this.walPosition = walPosition;
  }

  /**
   * A statement that begins now and has no entry yet.
   *
   * @param walPosition where the server's WAL ends now
   */
  public static OpenStatement unwritten(StatementStart start, String walPosition) {
    return new OpenStatement(start, walPosition);
  }

  static OpenStatement written(StatementStart start, long id, String walPosition) {
    OpenStatement statement = new OpenStatement(start, walPosition);
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

  long id() {
    return id.orElseThrow();
  }

  void writtenAs(long entry) {
    id = OptionalLong.of(entry);
  }
}
