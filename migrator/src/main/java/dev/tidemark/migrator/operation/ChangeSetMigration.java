package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.ChangeSet;
import java.util.HexFormat;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.flywaydb.core.api.resolver.ResolvedMigration;
import org.flywaydb.core.internal.jdbc.StatementInterceptor;
import org.flywaydb.core.internal.resolver.ResolvedMigrationImpl;
import org.flywaydb.core.internal.resolver.java.JavaMigrationExecutor;

/** A change set as Flyway sees it. */
final class ChangeSetMigration implements JavaMigration {
  /** Executes a change set on the connection whose transaction, if any, Flyway commits. */
  interface Work {
    void run(ChangeSet changeSet, Context context) throws Exception;
  }

  private final ChangeSet changeSet;
  private final Work work;

  ChangeSetMigration(ChangeSet changeSet, Work work) {
    this.changeSet = changeSet;
    this.work = work;
  }

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion(changeSet.version());
  }

  @Override
  public String getDescription() {
    return changeSet.description();
  }

  /** The first 32 bits of the canonical checksum. */
  @Override
  public Integer getChecksum() {
    return HexFormat.fromHexDigits(changeSet.checksum().substring(0, 8));
  }

  @Override
  public boolean canExecuteInTransaction() {
    return changeSet.transactional();
  }

  @Override
  public void migrate(Context context) throws Exception {
    work.run(changeSet, context);
  }

  /** Flyway's default would write the name of this class into the history. */
  @Override
  public ResolvedMigration getResolvedMigration(
      Configuration configuration, StatementInterceptor interceptor) {
    return new ResolvedMigrationImpl(
        getVersion(),
        getDescription(),
        changeSet.name(),
        getChecksum(),
        null,
        getType(),
        changeSet.name(),
        new JavaMigrationExecutor(this, interceptor));
  }
}
