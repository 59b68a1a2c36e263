package dev.tidemark.pipeline.source.postgres;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A Postgres snapshot: which transactions were visible at one moment.
 *
 * @param xmin every transaction below it had ended
 * @param xmax no transaction at or above it was visible
 * @param inProgress transactions in between that had not ended
 * @see <a href="https://www.postgresql.org/docs/current/functions-info.html">pg_snapshot</a>
 */
record PostgresSnapshot(long xmin, long xmax, List<Long> inProgress) {
  PostgresSnapshot {
    inProgress = List.copyOf(inProgress);
    if (xmin > xmax) {
      throw new IllegalArgumentException(
          "A snapshot's xmin " + xmin + " is above its xmax " + xmax);
    }
  }

  /**
   * Reads the text form {@code xmin:xmax:xip,xip,…}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static PostgresSnapshot parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("Not a pg_snapshot: " + text);
    }
    List<Long> inProgress =
        parts[2].isEmpty()
            ? List.of()
            : Arrays.stream(parts[2].split(",")).map(Long::parseLong).collect(Collectors.toList());
    return new PostgresSnapshot(Long.parseLong(parts[0]), Long.parseLong(parts[1]), inProgress);
  }

  /** Whether a transaction's rows could be seen. */
  boolean sees(long transaction) {
    return transaction < xmax && !inProgress.contains(transaction);
  }

  /** SQL that holds for the rows, by the transaction that wrote them, which could not be seen. */
  String unseen(String column) {
    String list = inProgress.stream().map(String::valueOf).collect(Collectors.joining(","));
    return column + " >= " + xmax + " OR " + column + " = ANY ('{" + list + "}'::bigint[])";
  }

  /** SQL that holds for the rows, by the transaction that wrote them, which could be seen. */
  String seen(String column) {
    return "NOT (" + unseen(column) + ")";
  }

  @Override
  public String toString() {
    return xmin
        + ":"
        + xmax
        + ":"
        + inProgress.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
