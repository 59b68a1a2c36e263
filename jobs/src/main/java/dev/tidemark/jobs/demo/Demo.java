package dev.tidemark.jobs.demo;

import dev.tidemark.jobs.demo.Gateway.Batch;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.Pipeline;
import dev.tidemark.pipeline.Pipeline.RunReport;
import dev.tidemark.pipeline.PipelineSettings;
import dev.tidemark.pipeline.publication.PublicationSettings;
import dev.tidemark.pipeline.reconciliation.ReconciliationReport;
import dev.tidemark.pipeline.source.postgres.PostgresServer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * The story: on-time events, then late ones by three ways, and proof that every number is right.
 */
final class Demo {
  private static final int DAYS = 7;
  private static final int BATCH = 20_000;

  private final SparkSession spark;
  private final DemoHome home;
  private final Database database;
  private final Stages stages;

  Demo(SparkSession spark, DemoHome home, Database database, Stages stages) {
    this.spark = spark;
    this.home = home;
    this.database = database;
    this.stages = stages;
  }

  /**
   * Tells the story.
   *
   * @param events how many are on time
   */
  DemoResult run(int events) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    PostgresServer server =
        new PostgresServer(database.jdbcUrl(), database.user(), database.password());
    try (Gateway gateway = Gateway.connect(database);
        Gateway slow = Gateway.connect(database)) {
      writeOnTime(gateway, events, now);

      long next = events + 1L;
      Batch held = batch(next, events / 400, ago(now, 96), ago(now, 72));
      slow.begin();
      slow.write(held, true);
      stages.begin("rolling up");
      Pipeline pipeline =
          Pipeline.open(
              spark,
              new PipelineSettings(
                  home.lake().toString(),
                  Optional.empty(),
                  Duration.ofHours(24),
                  Duration.ofHours(1),
                  Duration.ofMinutes(5),
                  new PublicationSettings(true, Map.of())),
              Optional.of(server));
      RunReport first = rollUp(pipeline, "first rollup, one transaction still open");

      stages.begin("late events");
      slow.commit();
      Batch hoursOld = batch(held.last() + 1, events / 150, ago(now, 30), ago(now, 2));
      Batch daysOld = batch(hoursOld.last() + 1, events / 300, ago(now, 144), ago(now, 48));
      gateway.write(hoursOld, true);
      gateway.write(daysOld, true);
      List<String> own =
          gateway.partnerEvents(
              batch(daysOld.last() + 1, events / 200, ago(now, 40), ago(now, 12)));
      new Partner(home.partnerFolder()).deliver(own, gateway.deliveredEvents(events / 1000));
      stages.end(
          "%,d late events written, %,d more committed by the open transaction, %,d in files"
              .formatted(events / 150 + events / 300, events / 400, own.size()));

      stages.begin("rolling up");
      RunReport late = rollUp(pipeline, "second rollup, late events of Postgres");
      stages.begin("rolling up");
      Pipeline partner =
          Pipeline.open(
              spark,
              PipelineSettings.from(Settings.load(Optional.of(home.partnerConfig()))),
              Optional.empty());
      RunReport delivered = rollUp(partner, "third rollup, the partner's files");

      stages.begin("reconciling with Postgres");
      ReconciliationReport withPostgres = pipeline.reconcile(Optional.empty());
      stages.update("reconciling with the partner's files …");
      ReconciliationReport withFiles = partner.reconcile(Optional.empty());
      stages.end("everything reconciled");
      return DemoResult.of(
          home,
          pipeline.lake(),
          first,
          late,
          delivered,
          withPostgres,
          withFiles,
          gateway.organizations());
    }
  }

  private void writeOnTime(Gateway gateway, int events, Instant now) {
    stages.begin("seeding");
    gateway.seed();
    for (long first = 1; first <= events; first += BATCH) {
      long last = Math.min(first + BATCH - 1, events);
      gateway.write(new Batch(first, last, ago(now, 24 * DAYS), now), false);
      stages.update("writing events: %,d of %,d".formatted(last, events));
    }
    gateway.analyze();
    stages.end("%,d events of %d days written to Postgres".formatted(events, DAYS));
  }

  private RunReport rollUp(Pipeline pipeline, String what) {
    RunReport report =
        pipeline.run(
            (table, partition, done, of) ->
                stages.update("%s: %s %s (%d of %d)".formatted(what, table, partition, done, of)));
    stages.end(
        "%s: %,d events landed, %,d hours of %d days"
            .formatted(
                what,
                report.landing().landed(),
                report.rollup().windows().size(),
                report.rollup().dates()));
    return report;
  }

  private static Batch batch(long first, int count, Instant from, Instant to) {
    return new Batch(first, first + count - 1, from, to);
  }

  private static Instant ago(Instant now, int hours) {
    return now.minus(Duration.ofHours(hours));
  }
}
