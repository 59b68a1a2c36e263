package dev.tidemark.migrator.telemetry;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the SDK logs about itself, of which only the first warning is told. */
final class Complaints extends Handler {
  /** Kept, as loggers that nobody holds lose their settings. */
  private static final Logger SDK = Logger.getLogger("io.opentelemetry");

  private final Consumer<String> warning;
  private final AtomicBoolean said = new AtomicBoolean();

  private Complaints(Consumer<String> warning) {
    this.warning = warning;
    setLevel(Level.WARNING);
    setFormatter(new SimpleFormatter());
  }

  static Complaints to(Consumer<String> warning) {
    Complaints complaints = new Complaints(warning);
    SDK.setUseParentHandlers(false);
    SDK.addHandler(complaints);
    return complaints;
  }

  /** Tells a problem, unless one has been told. */
  void say(String problem) {
    if (said.compareAndSet(false, true)) {
      warning.accept(
          "Telemetry is not delivered, the command goes on without: "
              + String.valueOf(problem).strip().replaceAll("\\s+", " "));
    }
  }

  @Override
  public void publish(LogRecord entry) {
    if (isLoggable(entry)) {
      say(getFormatter().formatMessage(entry));
    }
  }

  @Override
  public void flush() {
    // Nothing is kept back.
  }

  @Override
  public void close() {
    SDK.removeHandler(this);
  }
}
