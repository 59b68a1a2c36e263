package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.sql.SqlFailures;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.MigrateOutput;
import org.flywaydb.core.api.resolver.MigrationResolver;
import org.flywaydb.core.api.resolver.ResolvedMigration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** Flyway with our change sets: their order, and the history of those that were applied. */
final class FlywayHistory {
  private static final String SCHEMA = "tidemark";
  private static final String TABLE = "change_set_history";

  private final Database database;
  private final List<ChangeSet> changeSets;
  private final MigratorSettings.OutOfOrder outOfOrder;

  FlywayHistory(
      Database database, List<ChangeSet> changeSets, MigratorSettings.OutOfOrder outOfOrder) {
    this.database = database;
    this.changeSets = changeSets;
    this.outOfOrder = outOfOrder;
  }

  /** Every change set that folder or history knows, by version. Writes nothing. */
  List<StatusResult.Entry> entries(Connection connection) {
    return guarded(
        () ->
            Arrays.stream(
                    flyway(connection, Optional.empty(), (changeSet, context) -> {}).info().all())
                .filter(info -> info.getVersion() != null)
                .map(FlywayHistory::entry)
                .sorted(Comparator.comparing(StatusResult.Entry::version))
                .toList());
  }

  /**
   * Applies what is pending up to a version, each by the given work. The history's row of a
   * transactional change set is written in its transaction: both last or neither.
   */
  List<MigrateOutput> migrate(
      Connection connection, Optional<String> to, ChangeSetMigration.Work work) {
    return guarded(() -> flyway(connection, to, work).migrate().migrations);
  }

  /** Writes down that a change set is applied, whoever did it. */
  void record(Connection connection, ChangeSet changeSet) throws SQLException {
    ChangeSetMigration migration = new ChangeSetMigration(changeSet, (set, context) -> {});
    try (PreparedStatement statement =
        connection.prepareStatement(SqlResource.read(FlywayHistory.class, "record-applied.sql"))) {
      statement.setString(1, changeSet.version());
      statement.setString(2, changeSet.description());
      statement.setString(3, changeSet.name());
      statement.setInt(4, migration.getChecksum());
      statement.executeUpdate();
    }
  }

  /** Takes out what Flyway writes about failures: our flags know more. */
  void forgetFailures(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM %s.%s WHERE NOT success".formatted(SCHEMA, TABLE));
    }
  }

  /** Takes a change set out of the history, within the connection's transaction if it has one. */
  void forget(Connection connection, String version) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "DELETE FROM %s.%s WHERE version = ?".formatted(SCHEMA, TABLE))) {
      statement.setString(1, version);
      statement.executeUpdate();
    }
  }

  private Flyway flyway(Connection connection, Optional<String> to, ChangeSetMigration.Work work) {
    FluentConfiguration configuration =
        Flyway.configure(FlywayHistory.class.getClassLoader())
            .loggers("slf4j")
            .dataSource(new OneConnection(connection))
            .defaultSchema(SCHEMA)
            .schemas(SCHEMA)
            .createSchemas(false)
            .table(TABLE)
            .locations(new String[0])
            .skipDefaultResolvers(true)
            .skipDefaultCallbacks(true)
            .resolvers(new FolderResolver(changeSets, work))
            // The states are judged before, with better words.
            .validateOnMigrate(false)
            .outOfOrder(outOfOrder == MigratorSettings.OutOfOrder.ALLOW)
            .target(to.orElse("latest"));
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        // Its transactional lock makes CREATE INDEX CONCURRENTLY wait for itself for ever.
        .setTransactionalLock(false);
    return configuration.load();
  }

  private static StatusResult.Entry entry(MigrationInfo info) {
    Optional<MigrationInfo> applied = Optional.of(info).filter(i -> !i.getState().isFailed());
    return new StatusResult.Entry(
        info.getVersion().getVersion(),
        info.getDescription(),
        state(info),
        applied.map(MigrationInfo::getInstalledOn).map(Date::toInstant),
        applied.map(MigrationInfo::getInstalledBy),
        applied.map(MigrationInfo::getExecutionTime).map(Integer::longValue),
        Optional.empty());
  }

  private static StatusResult.State state(MigrationInfo info) {
    MigrationState state = info.getState();
    if (state.isFailed()) {
      return StatusResult.State.FAILED;
    }
    if (!state.isApplied()) {
      return state == MigrationState.IGNORED ? StatusResult.State.LATE : StatusResult.State.PENDING;
    }
    if (!state.isResolved()) {
      return StatusResult.State.UNKNOWN;
    }
    return info.isChecksumMatching() ? StatusResult.State.APPLIED : StatusResult.State.EDITED;
  }

  private interface Guarded<T> {
    T run();
  }

  /** What we throw through Flyway comes out wrapped. */
  private <T> T guarded(Guarded<T> work) {
    try {
      return work.run();
    } catch (FlywayException e) {
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof UserFailure known) {
          throw known;
        }
        if (cause instanceof SQLException refusal) {
          throw SqlFailures.ofOurs(database, refusal);
        }
      }
      throw e;
    }
  }

  /** Turns each folder into a Flyway migration. */
  private record FolderResolver(List<ChangeSet> changeSets, ChangeSetMigration.Work work)
      implements MigrationResolver {
    @Override
    public Collection<ResolvedMigration> resolveMigrations(Context context) {
      return changeSets.stream()
          .map(changeSet -> new ChangeSetMigration(changeSet, work))
          .map(
              migration ->
                  migration.getResolvedMigration(
                      context.configuration, context.statementInterceptor))
          .toList();
    }
  }
}
