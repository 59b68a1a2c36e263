package dev.tidemark.migrator.smoke;

import com.typesafe.config.Config;
import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.CatalogueReader;
import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.drift.Difference;
import dev.tidemark.migrator.drift.Drift;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.monitoring.OperationTelemetry;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.OperationObserver;
import dev.tidemark.migrator.operation.OperationResult;
import dev.tidemark.migrator.operation.RollbackOptions;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.shadow.ShadowDatabase;
import dev.tidemark.migrator.telemetry.Recorder;
import io.opentelemetry.context.Context;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Applies every change set, rolls it back and applies it again on a throw-away database. */
public final class Smoke {
  private final Database database;
  private final Migrator migrator;
  private final OperationObserver observer;
  private final TelemetryCheck telemetry;

  private Smoke(
      Database database, Migrator migrator, OperationObserver observer, TelemetryCheck telemetry) {
    this.database = database;
    this.migrator = migrator;
    this.observer = observer;
    this.telemetry = telemetry;
  }

  /**
   * Tries the change sets that the configuration names, in order. The tables that there are so far
   * hold rows, and a writer keeps writing to all of them. The database that the configuration names
   * is not touched.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if there is no server for the database,
   *     or a change set cannot be applied or rolled back at all
   */
  public static SmokeResult run(Config config, OperationObserver observer) {
    try (ShadowDatabase shadow = ShadowDatabase.open(config)) {
      Database database = shadow.database();
      try (Recorder recorder = new Recorder()) {
        OperationObserver all =
            OperationObserver.all(
                List.of(observer, new OperationTelemetry(recorder.api(), Context.root())));
        return new Smoke(
                database,
                Migrator.open(database, config).withoutLint().observedBy(all),
                observer,
                new TelemetryCheck(recorder))
            .run(Migrator.changeSets(config));
      }
    } catch (SQLException e) {
      throw MigratorFailures.databaseRefuses("the throw-away database", e);
    }
  }

  private SmokeResult run(List<ChangeSet> changeSets) throws SQLException {
    List<SmokeResult.Trial> trials = new ArrayList<>();
    TableFiller filler = new TableFiller(database);
    try (Writer writer = new Writer(database)) {
      for (ChangeSet changeSet : changeSets) {
        observer.progress("trying " + changeSet.name());
        trials.add(run(changeSet, writer));
        filler.fill();
      }
    }
    return new SmokeResult(List.copyOf(trials), filler.filled());
  }

  private SmokeResult.Trial run(ChangeSet changeSet, Writer writer) throws SQLException {
    List<String> differences = new ArrayList<>();
    Catalogue before = CatalogueReader.read(database);
    Map<String, String> rowsBefore = TableChecksums.of(database);
    writer.forgetStalls();

    OperationResult applied = migrator.apply(ApplyOptions.to(changeSet.version()));
    Catalogue after = CatalogueReader.read(database);
    OperationResult rolledBack = migrator.rollback(new RollbackOptions.Last(1));
    long stall = writer.longestStallMillis();

    add(differences, "after the rollback", before, CatalogueReader.read(database));
    differences.addAll(changedRows(changeSet, rowsBefore, TableChecksums.of(database)));
    migrator.apply(ApplyOptions.to(changeSet.version()));
    add(differences, "applied again", after, CatalogueReader.read(database));
    differences.addAll(telemetry.missing(changeSet));
    return new SmokeResult.Trial(
        changeSet.version(),
        changeSet.description(),
        applied.steps().get(0).milliseconds(),
        rolledBack.steps().get(0).milliseconds(),
        Math.max(stall, writer.longestStallMillis()),
        List.copyOf(differences));
  }

  private static void add(
      List<String> differences, String when, Catalogue expected, Catalogue found) {
    Drift.between(expected, found).stream()
        .map(Difference::message)
        .forEach(message -> differences.add(when + ": " + message));
  }

  private static List<String> changedRows(
      ChangeSet changeSet, Map<String, String> before, Map<String, String> after) {
    Set<String> touched = new HashSet<>(changeSet.touchedTables());
    List<String> differences = new ArrayList<>();
    before.forEach(
        (table, checksum) -> {
          String bare = table.substring(table.indexOf('.') + 1);
          boolean named = touched.contains(table) || touched.contains(bare);
          if (!named && !checksum.equals(after.get(table))) {
            differences.add(
                "rows of %s changed, which it does not name in touches".formatted(table));
          }
        });
    return differences;
  }
}
