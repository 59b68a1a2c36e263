package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.operation.OperationObserver;

/** Shows what an operation is doing. */
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
