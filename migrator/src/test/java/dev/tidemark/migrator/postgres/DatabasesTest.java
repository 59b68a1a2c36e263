package dev.tidemark.migrator.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatabasesTest {
  @Test
  void theExampleOfAServerOfOnesOwnIsAValidConfiguration() {
    Config config = Settings.load(Optional.of(Path.of("../conf/own-postgres.conf")));

    try (DatabaseLease lease = Databases.open(config)) {
      assertThat(lease.database().address()).isEqualTo("jdbc:postgresql://localhost:5432/platform");
      assertThat(lease.database().user()).isEqualTo("platform");
    }
  }

  @Test
  void aServerOfOnesOwnIsNotStartedOrStopped() {
    Config config = Settings.parse("database.url = \"jdbc:postgresql://db/usage\"");

    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> Databases.start(config))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-010"));
    assertThatExceptionOfType(MigratorException.class).isThrownBy(() -> Databases.stop(config));
  }

  @Test
  void whatIsNoUrlIsRefused() {
    Config config = Settings.parse("database.url = embeded");

    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> Databases.open(config))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-001"))
        .withMessageContaining("embeded");
  }
}
