package dev.tidemark.migrator.validation;

import com.typesafe.config.Config;
import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.CatalogueReader;
import dev.tidemark.migrator.drift.Difference;
import dev.tidemark.migrator.drift.Drift;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.StatusResult;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.operation.StatusResult.State;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.rule.DesignRules;
import dev.tidemark.migrator.rule.Finding;
import dev.tidemark.migrator.shadow.ShadowDatabase;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Compares a database with what its change sets make, and judges its design. Changes nothing. */
public final class SchemaValidation {
  private static final Set<State> AS_APPLIED = Set.of(State.APPLIED, State.EDITED);

  private SchemaValidation() {}

  /**
   * Applies the change sets that the database has to a throw-away one, and compares the two.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if a database is out of reach, or the
   *     change sets do not apply to an empty one
   */
  public static ValidationResult validate(Database database, Config config) {
    StatusResult status = Migrator.open(database, config).status();
    Optional<String> version =
        status.entries().stream()
            .filter(entry -> AS_APPLIED.contains(entry.state()))
            .map(Entry::version)
            .reduce((earlier, later) -> later);
    Catalogue found = CatalogueReader.read(database);
    Catalogue expected = expected(version, config);
    List<Difference> differences =
        Stream.concat(
                status.entries().stream().flatMap(entry -> difference(entry).stream()),
                Drift.between(expected, found).stream())
            .toList();
    long pending =
        status.entries().stream().filter(entry -> entry.state() == State.PENDING).count();
    List<Finding> findings =
        DesignRules.of(config).map(rules -> rules.judge(found, pending == 0)).orElse(List.of());
    return new ValidationResult(
        version, pending, expected.serverVersion() == found.serverVersion(), differences, findings);
  }

  /**
   * What the change sets up to a version make of an empty database, tried on a throw-away one.
   *
   * @param version the youngest of them; empty for none
   */
  public static Catalogue expected(Optional<String> version, Config config) {
    try (ShadowDatabase shadow = ShadowDatabase.open(config)) {
      version.ifPresent(
          to -> Migrator.open(shadow.database(), config).withoutLint().apply(ApplyOptions.to(to)));
      return CatalogueReader.read(shadow.database());
    }
  }

  private static Optional<Difference> difference(Entry entry) {
    return switch (entry.state()) {
      case APPLIED, PENDING -> Optional.empty();
      case EDITED, FAILED, RUNNING, UNKNOWN, LATE ->
          Optional.of(
              new Difference(
                  "change set",
                  entry.version() + "_" + entry.description(),
                  Optional.of("state"),
                  Optional.of(entry.state() == State.UNKNOWN ? "known to this program" : "applied"),
                  Optional.of(entry.state().name().toLowerCase(Locale.ROOT))));
    };
  }
}
