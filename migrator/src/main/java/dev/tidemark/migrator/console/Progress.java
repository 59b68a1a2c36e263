package dev.tidemark.migrator.console;

import java.io.PrintStream;
import java.time.Duration;

/**
 * How far a long piece of work is: one line that changes on a terminal, plain lines elsewhere. Of
 * many updates only as many are shown as a reader can follow. Not thread-safe.
 */
public final class Progress implements AutoCloseable {
  private static final Duration ON_TERMINAL = Duration.ofMillis(100);
  private static final Duration IN_FILE = Duration.ofSeconds(2);

  private final PrintStream err;
  private final boolean terminal;
  private final long pause;
  private long shownAt;
  private String shown = "";
  private String latest = "";

  Progress(PrintStream err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
    this.pause = (terminal ? ON_TERMINAL : IN_FILE).toNanos();
    this.shownAt = System.nanoTime() - pause;
  }

  /** The state of the work in one line; shown soon, unless the next one comes sooner. */
  public void update(String line) {
    latest = line;
    if (System.nanoTime() - shownAt >= pause) {
      show();
    }
  }

  /** Ends a stage: its last line stays, and the next update starts another. */
  public void finish(String line) {
    latest = line;
    show();
    if (terminal) {
      err.println();
    }
    err.flush();
    shown = "";
    latest = "";
    shownAt = System.nanoTime() - pause;
  }

  /** Leaves the last update standing. */
  @Override
  public void close() {
    if (!latest.isEmpty()) {
      finish(latest);
    }
  }

  private void show() {
    shownAt = System.nanoTime();
    if (latest.equals(shown)) {
      return;
    }
    if (terminal) {
      // Back to the first column, the line, and the rest of the old line cleared.
      err.print("\r" + latest + "\u001b[K");
    } else {
      err.println(latest);
    }
    err.flush();
    shown = latest;
  }
}
