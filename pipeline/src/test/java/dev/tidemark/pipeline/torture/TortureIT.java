package dev.tidemark.pipeline.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.testing.PostgresExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short round; {@code tidemark bench torture} does as many as one likes. */
class TortureIT {
  private static final int COMMANDS = 7;

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path folder;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = 1)
  void whateverHappensTheTablesEndUpEqualToTheEvents(long seed) throws Exception {
    try (Torture torture =
        new Torture(
            Long.getLong("tidemark.test.seed", seed),
            COMMANDS,
            folder,
            POSTGRES.newMigratedDatabase(),
            System.out::println)) {
      assertThat(torture.run().differences()).isEmpty();
    }
  }
}
