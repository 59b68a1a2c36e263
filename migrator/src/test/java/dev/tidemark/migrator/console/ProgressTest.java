package dev.tidemark.migrator.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void onATerminalTheLineChangesInPlace() {
    try (Progress progress = progress(true)) {
      progress.update("10 %");
      progress.finish("done");
    }

    assertThat(shown()).isEqualTo("\r10 %\u001b[K\rdone\u001b[K\n");
  }

  @Test
  void elsewhereThereArePlainLinesAndNotTooMany() {
    try (Progress progress = progress(false)) {
      for (int i = 0; i < 1000; i++) {
        progress.update(i + " of 1000");
      }
    }

    assertThat(shown()).startsWith("0 of 1000\n").endsWith("999 of 1000\n");
    assertThat(shown().lines()).hasSizeLessThan(100);
  }

  private Progress progress(boolean terminal) {
    return new Progress(new PrintStream(err, true, StandardCharsets.UTF_8), terminal);
  }

  private String shown() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
