package dev.tidemark.migrator.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.lint.ColumnOrder.Slot;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnOrderTest {
  private static final Slot BOOLEAN = new Slot(1, 1);
  private static final Slot INTEGER = new Slot(4, 4);
  private static final Slot BIGINT = new Slot(8, 8);
  private static final Slot TEXT = new Slot(-1, 4);

  @Test
  void aSmallColumnBeforeABigOneCostsTheGapBetweenThem() {
    // 1 + 7 lost + 8 + 1 + 7 lost + 8 = 32 bytes, against 8 + 8 + 1 + 1 = 18.
    assertThat(ColumnOrder.wasted(List.of(BOOLEAN, BIGINT, BOOLEAN, BIGINT))).isEqualTo(14);
  }

  @Test
  void columnsFromBigToSmallWasteNothing() {
    assertThat(ColumnOrder.wasted(List.of(BIGINT, INTEGER, INTEGER, BOOLEAN, TEXT))).isZero();
    assertThat(ColumnOrder.wasted(List.of())).isZero();
  }

  @Test
  void aShortTextHasNoAlignment() {
    // 1 + 1 + 2 lost + 4 = 8 bytes, against 4 + 1 + 1 = 6.
    assertThat(ColumnOrder.wasted(List.of(BOOLEAN, TEXT, INTEGER))).isEqualTo(2);
  }
}
