package dev.tidemark.migrator.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void textStandsLeftAndNumbersStandRight() {
    TextTable table =
        new TextTable("organization", "tokens").row("Åkeri", "1,200").row("Brick & Sons", "7");

    assertThat(table)
        .hasToString(
            """
            organization  tokens
            ────────────  ──────
            Åkeri          1,200
            Brick & Sons       7""");
  }

  @Test
  void anEmptyTableIsItsHeadings() {
    assertThat(new TextTable("a", "b")).hasToString("a  b\n─  ─");
  }
}
