package dev.tidemark.pipeline;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.publication.PublicationSettings;
import dev.tidemark.pipeline.quality.QualityRules;
import dev.tidemark.pipeline.source.files.FileSourceSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the pipeline is told by the configuration.
 *
 * @param lake folder or URI of the lake
 * @param files the file source; empty where events come from Postgres
 * @param mostTimeAhead how far the time of an event may lie ahead of this machine's clock
 * @param longestTransaction how long a transaction of the source's server may be open before it is
 *     told; zero for as long as it likes
 * @param hourBudget how long a run should take at most for an hour of data
 * @param publication what is published to the Postgres that is the source
 * @param quality what events and hours must keep to
 */
public record PipelineSettings(
    String lake,
    Optional<FileSourceSettings> files,
    Duration mostTimeAhead,
    Duration longestTransaction,
    Duration hourBudget,
    PublicationSettings publication,
    QualityRules quality) {
  /** Settings without quality rules. */
  public PipelineSettings(
      String lake,
      Optional<FileSourceSettings> files,
      Duration mostTimeAhead,
      Duration longestTransaction,
      Duration hourBudget,
      PublicationSettings publication) {
    this(
        lake, files, mostTimeAhead, longestTransaction, hourBudget, publication, QualityRules.NONE);
  }

  /**
   * Reads the sections {@code lake}, {@code source}, {@code landing}, {@code capacity}, {@code
   * publish} and {@code quality}.
   *
   * @throws dev.tidemark.migrator.failure.UserFailure if a value cannot be used
   */
  public static PipelineSettings from(Config config) {
    String type = Settings.choice(config, "source.type", List.of("postgres", "files"));
    return new PipelineSettings(
        Settings.text(config, "lake.path"),
        type.equals("files") ? Optional.of(FileSourceSettings.from(config)) : Optional.empty(),
        Settings.duration(config, "landing.most-time-ahead"),
        Settings.duration(config, "landing.longest-transaction"),
        Settings.duration(config, "capacity.hour-budget"),
        PublicationSettings.from(config),
        QualityRules.from(config));
  }
}
