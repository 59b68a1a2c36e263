package dev.tidemark.pipeline.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.Sql;
import dev.tidemark.pipeline.torture.Step.Fault;
import dev.tidemark.pipeline.torture.Worker.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short round; {@code tidemark bench torture} does as many as one likes. */
class TortureIT {
  private static final int COMMANDS = 5;

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path folder;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = 173)
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

  @Test
  void whoIsKilledBetweenTheLakesCommitAndThePublicationIsMadeUpFor() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    try (SourceRows source = SourceRows.prepare(database);
        Worker worker = new Worker("worker", folder, database)) {
      source.insert(new Step.Insert(1, 40, new Step.Hours(210, 8)));

      assertThat(worker.start("run", new Fault.KillAt("job_runs", 2, true)).join())
          .isEqualTo(new Outcome.Killed());
      assertThat(Sql.value(database, "SELECT count(*) FROM usage_summaries")).isEqualTo("0");

      assertThat(worker.start("run", new Fault.None()).join())
          .isInstanceOfSatisfying(
              Outcome.Done.class, done -> assertThat(done.told()).contains("landed 0,"));
      Path dump = folder.resolve("dump");
      assertThat(worker.start("dump " + dump, new Fault.None()).join())
          .isInstanceOf(Outcome.Done.class);
      assertThat(Judge.differences(database, dump)).isEmpty();
    }
  }
}
