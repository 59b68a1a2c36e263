package dev.tidemark.pipeline.testing;

import dev.tidemark.pipeline.lake.Conflicts;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Hears what work lost to other writers and was tried again, as long as it is open. */
public final class HeardConflicts extends AbstractAppender implements AutoCloseable {
  private static final String LOGGER = Conflicts.class.getName();

  private final List<String> work = new CopyOnWriteArrayList<>();

  /** Begins to listen. */
  public HeardConflicts() {
    super("conflicts", null, null, false, Property.EMPTY_ARRAY);
    start();
    LoggerContext context = LoggerContext.getContext(false);
    LoggerConfig logger = new LoggerConfig(LOGGER, Level.INFO, false);
    logger.addAppender(this, Level.INFO, null);
    context.getConfiguration().addLogger(LOGGER, logger);
    context.updateLoggers();
  }

  /** The work, as its conflicts name it, once for each time that it was tried again. */
  public List<String> work() {
    return List.copyOf(work);
  }

  @Override
  public void append(LogEvent event) {
    work.add(String.valueOf(event.getMessage().getParameters()[0]));
  }

  @Override
  public void close() {
    LoggerContext context = LoggerContext.getContext(false);
    context.getConfiguration().removeLogger(LOGGER);
    context.updateLoggers();
    stop();
  }
}
