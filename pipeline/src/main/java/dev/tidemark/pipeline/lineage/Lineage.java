package dev.tidemark.pipeline.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.pipeline.observation.RunEnd;
import dev.tidemark.pipeline.observation.RunObserver;
import dev.tidemark.pipeline.observation.RunStart;
import dev.tidemark.pipeline.observation.Work;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells OpenLineage of runs. Whatever becomes of an event, the run goes on; what cannot be told is
 * said once in the log.
 */
public final class Lineage implements RunObserver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lineage.class);

  private final ObjectMapper json = new ObjectMapper();
  private final RunEvents events;
  private final Optional<Path> file;
  private final Optional<HttpDelivery> http;
  private boolean fileFails;

  private Lineage(LineageSettings settings, Datasets datasets, String sparkVersion) {
    this.events = new RunEvents(settings.namespace(), datasets, sparkVersion);
    this.file = settings.file();
    this.http =
        settings.url().map(url -> new HttpDelivery(url, settings.apiKey(), settings.timeout()));
  }

  /**
   * Lineage as the settings have it; empty where they name nobody to tell.
   *
   * @param datasets what the jobs read and write
   */
  public static Optional<Lineage> open(
      LineageSettings settings, Datasets datasets, String sparkVersion) {
    return settings.isOn()
        ? Optional.of(new Lineage(settings, datasets, sparkVersion))
        : Optional.empty();
  }

  @Override
  public void runBegins(RunStart start) {
    tell(events.start(start));
  }

  @Override
  public void workEnds(RunStart run, Work work) {
    // Runs only; their end has the sums.
  }

  @Override
  public void runEnds(RunEnd end) {
    tell(events.end(end));
  }

  private void tell(Map<String, Object> event) {
    String text;
    try {
      text = json.writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    http.ifPresent(delivery -> delivery.send(text));
    file.ifPresent(path -> append(path, text));
  }

  private synchronized void append(Path path, String text) {
    if (fileFails) {
      return;
    }
    try {
      Files.writeString(path, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      fileFails = true;
      LOG.warn("Lineage cannot be written to {}; the run goes on without: {}", path, e.toString());
    }
  }

  /** Waits for what is on its way, for as long as {@code lineage.timeout} at most. */
  @Override
  public void close() {
    http.ifPresent(HttpDelivery::close);
  }
}
