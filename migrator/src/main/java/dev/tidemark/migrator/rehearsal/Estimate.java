package dev.tidemark.migrator.rehearsal;

import dev.tidemark.migrator.trace.TableSizes;
import java.time.Duration;
import java.util.List;

/**
 * How long a statement will take on tables of their real size: an order of magnitude, for an idle
 * server with an ordinary solid-state disk.
 *
 * <pre>
 * time = time on the throw-away database
 *      + bytes scanned / 200 MB/s
 *      + bytes written anew / 200 MB/s + bytes written anew / 50 MB/s
 *      + rows of the tables that indexes are built on / 400,000 per second, for each index
 *      + rows changed / 40,000 per second
 * </pre>
 *
 * Bytes and rows are those of {@link TableSizes}. Rows changed are the share of the rows that were
 * changed on the throw-away database, of the real number of rows. A table that is written anew is
 * not counted as scanned too.
 */
final class Estimate {
  private static final double SCANNED_BYTES_PER_SECOND = 200e6;
  private static final double WRITTEN_BYTES_PER_SECOND = 50e6;
  private static final double INDEXED_ROWS_PER_SECOND = 400_000;
  private static final double CHANGED_ROWS_PER_SECOND = 40_000;

  private Estimate() {}

  /**
   * What a statement does to one table.
   *
   * @param size the table's real size
   * @param scanned whether it is read from end to end
   * @param rewritten whether it is written anew
   * @param indexes indexes that are built on it
   * @param changedShare share of its rows that change, from 0 to 1
   */
  record Effort(
      TableSizes.Size size, boolean scanned, boolean rewritten, int indexes, double changedShare) {}

  static Duration of(Duration measured, List<Effort> efforts) {
    double seconds = efforts.stream().mapToDouble(Estimate::seconds).sum();
    return measured.plusMillis(Math.round(seconds * 1000));
  }

  private static double seconds(Effort effort) {
    double bytes = effort.size().bytes();
    double rows = effort.size().rows();
    double read = effort.scanned() || effort.rewritten() ? bytes / SCANNED_BYTES_PER_SECOND : 0;
    double written = effort.rewritten() ? bytes / WRITTEN_BYTES_PER_SECOND : 0;
    return read
        + written
        + effort.indexes() * rows / INDEXED_ROWS_PER_SECOND
        + effort.changedShare() * rows / CHANGED_ROWS_PER_SECOND;
  }
}
