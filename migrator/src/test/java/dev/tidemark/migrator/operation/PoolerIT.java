package dev.tidemark.migrator.operation;

import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.TransactionPooler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PoolerIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path folder;

  private final Database database = POSTGRES.newDatabase();

  @Test
  void aPoolerThatGivesEachTransactionAnotherSessionIsRefused() throws Exception {
    try (TransactionPooler pooler = new TransactionPooler(database, true)) {
      assertThatExceptionOfType(MigratorException.class)
          .isThrownBy(() -> apply(pooler.database()))
          .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-043"))
          .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
          .withMessageContaining("pool_mode=session");
      assertThatExceptionOfType(MigratorException.class)
          .isThrownBy(() -> migrator(pooler.database()).status())
          .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-043"));
    }
    assertThat(value(database, "SELECT to_regnamespace('tidemark')")).isNull();
  }

  @Test
  void aPoolerThatGivesEachClientItsOwnSessionIsAsGoodAsNone() throws Exception {
    try (TransactionPooler pooler = new TransactionPooler(database, false)) {
      assertThat(apply(pooler.database()).steps()).hasSize(1);
      assertThat(migrator(pooler.database()).status().version()).contains("202601010001");
    }
    assertThat(value(database, "SELECT to_regclass('public.one')")).isEqualTo("one");
  }

  private OperationResult apply(Database through) {
    return migrator(through).apply(ApplyOptions.all());
  }

  private Migrator migrator(Database through) {
    ChangeSetFolder sets =
        new ChangeSetFolder(folder)
            .with("202601010001_one", "CREATE TABLE one (id int)", "DROP TABLE one");
    return Migrator.open(
        through,
        new MigratorSettings(Duration.ofSeconds(1), 3, Duration.ofMillis(20), Map.of()),
        sets.read());
  }
}
