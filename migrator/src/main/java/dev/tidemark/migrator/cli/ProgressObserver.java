package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.operation.OperationObserver;

/** Shows on standard error what an operation does. */
record ProgressObserver(Progress display) implements OperationObserver {
  @Override
  public void progress(String line) {
    display.update(line);
  }

  @Override
  public void notice(String line) {
    display.finish(line);
  }
}
