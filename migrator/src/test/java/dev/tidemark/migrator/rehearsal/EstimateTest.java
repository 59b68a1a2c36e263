package dev.tidemark.migrator.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.rehearsal.Estimate.Effort;
import dev.tidemark.migrator.trace.TableSizes.Size;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EstimateTest {
  private static final Duration HERE = Duration.ofMillis(10);
  private static final Size SIZE = new Size(8_000_000, 1_000_000_000);

  @Test
  void aScanCostsItsBytes() {
    // 1,000 MB at 200 MB/s.
    assertThat(Estimate.of(HERE, List.of(new Effort(SIZE, true, false, 0, 0))))
        .isEqualTo(Duration.ofMillis(5_010));
  }

  @Test
  void aRewriteReadsAndWritesAndIsNoScanToo() {
    // 5 s to read, 1,000 MB at 50 MB/s to write.
    assertThat(Estimate.of(HERE, List.of(new Effort(SIZE, true, true, 0, 0))))
        .isEqualTo(Duration.ofMillis(25_010));
  }

  @Test
  void indexesAndChangedRowsCostTheirRows() {
    // 8 M rows at 0.4 M/s, twice; and a quarter of them at 0.04 M/s.
    assertThat(Estimate.of(HERE, List.of(new Effort(SIZE, false, false, 2, 0.25))))
        .isEqualTo(Duration.ofMillis(40_000 + 50_000 + 10));
  }

  @Test
  void everyTableCounts() {
    Effort scan = new Effort(SIZE, true, false, 0, 0);
    assertThat(Estimate.of(HERE, List.of(scan, scan))).isEqualTo(Duration.ofMillis(10_010));
    assertThat(Estimate.of(HERE, List.of())).isEqualTo(HERE);
  }
}
