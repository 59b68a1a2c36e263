package dev.tidemark.pipeline.maintenance;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What maintenance did, or would do.
 *
 * @param tables one entry a table, in the order of work
 * @param retired landed events that went by their age; empty where none did
 */
public record MaintenanceReport(List<Table> tables, Optional<Retired> retired) {
  /**
   * Events that went by their age.
   *
   * @param horizon the first date whose events are kept
   * @param files how many files went; the dates before the horizon are frozen
   */
  public record Retired(LocalDate horizon, long files) {}

  /**
   * One table.
   *
   * @param name its plain name
   * @param filesBefore live files before
   * @param filesAfter live files afterwards; the same where nothing was changed
   * @param bytesBefore their size before
   * @param bytesAfter their size afterwards
   * @param compacted dates whose files were put together (1 for a table without dates)
   * @param skipped dates with small files that were left, since they changed since the last time
   * @param lost dates at which other writers were faster too often; the next time takes them
   * @param retention how long dead files stay
   */
  public record Table(
      String name,
      long filesBefore,
      long filesAfter,
      long bytesBefore,
      long bytesAfter,
      int compacted,
      int skipped,
      int lost,
      Duration retention) {}

  /** Whether other writers were faster too often somewhere. */
  public boolean lostAny() {
    return tables.stream().anyMatch(table -> table.lost() > 0);
  }
}
