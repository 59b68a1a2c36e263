package dev.tidemark.migrator.health;

import com.typesafe.config.Config;
import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.CatalogueReader;
import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.drift.Difference;
import dev.tidemark.migrator.drift.Drift;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.StatusResult;
import dev.tidemark.migrator.operation.StatusResult.State;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.validation.SchemaValidation;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares a schema with what its change sets make, again and again. What they make is tried on a
 * throw-away database when other change sets are applied than the last time, and kept; every
 * comparison after that costs one reading of the catalogue.
 */
final class DriftCheck {
  private static final Set<State> AS_APPLIED = EnumSet.of(State.APPLIED, State.EDITED);

  private final Config config;
  private String expectedOf = "";
  private Catalogue expected;

  DriftCheck(Config config) {
    this.config = config;
  }

  DriftReport compare(Database database, StatusResult status) {
    boolean atWork = status.entries().stream().anyMatch(entry -> entry.state() == State.RUNNING);
    if (atWork) {
      return DriftReport.unknown("change sets are being applied or rolled back");
    }
    try {
      Catalogue wanted = expected(status);
      return DriftReport.of(
          Drift.between(wanted, CatalogueReader.read(database)).stream()
              .map(Difference::message)
              .toList());
    } catch (UserFailure e) {
      return DriftReport.unknown(e.problem() + ": " + e.reason());
    }
  }

  private Catalogue expected(StatusResult status) {
    Optional<String> version =
        status.entries().stream()
            .filter(entry -> AS_APPLIED.contains(entry.state()))
            .map(StatusResult.Entry::version)
            .reduce((earlier, later) -> later);
    String of =
        Migrator.changeSets(config).stream()
            .filter(set -> version.isPresent() && set.version().compareTo(version.get()) <= 0)
            .map(DriftCheck::identity)
            .collect(Collectors.joining(" "));
    if (expected == null || !of.equals(expectedOf)) {
      expected = SchemaValidation.expected(version, config);
      expectedOf = of;
    }
    return expected;
  }

  private static String identity(ChangeSet changeSet) {
    return changeSet.version() + ":" + changeSet.apply().checksum();
  }
}
