package dev.tidemark.pipeline.lineage;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.failure.PipelineFailures;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where lineage goes.
 *
 * @param url is posted to; empty for nowhere
 * @param file is appended to, one event a line; empty for none
 * @param namespace of the jobs
 * @param apiKey is sent as a bearer token; empty for none
 * @param timeout how long an answer is waited for
 */
public record LineageSettings(
    Optional<URI> url,
    Optional<Path> file,
    String namespace,
    Optional<String> apiKey,
    Duration timeout) {
  /**
   * Reads the section {@code lineage}.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure if a value cannot be used
   */
  public static LineageSettings from(Config config) {
    return new LineageSettings(
        Settings.optionalText(config, "lineage.url").map(LineageSettings::url),
        Settings.optionalText(config, "lineage.file").map(Path::of),
        Settings.text(config, "lineage.namespace"),
        Settings.optionalText(config, "lineage.api-key"),
        Settings.duration(config, "lineage.timeout"));
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text);
      if (url.getHost() != null && String.valueOf(url.getScheme()).matches("https?")) {
        return url;
      }
    } catch (URISyntaxException e) {
      throw PipelineFailures.badLineageUrl(text, e);
    }
    throw PipelineFailures.badLineageUrl(text, null);
  }

  /** Whether there is anywhere to tell. */
  boolean isOn() {
    return url.isPresent() || file.isPresent();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "lineage to " + url + " " + file;
  }
}
