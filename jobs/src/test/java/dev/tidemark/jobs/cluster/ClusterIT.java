package dev.tidemark.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.jobs.CommandLineRun;
import dev.tidemark.jobs.FileEvents;
import dev.tidemark.jobs.TidemarkJobs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar for spark-submit on a standalone cluster of one master and two workers. */
class ClusterIT {
  private static final int EVENTS = 2_000;
  private static final StandaloneCluster.Shape SHAPE =
      new StandaloneCluster.Shape(2, 2, 1_000, "-XX:+UseSerialGC -XX:TieredStopAtLevel=1", false);
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir Path folder;

  @Test
  void aWorkerThatDiesInTheMiddleCostsNothingButTime() throws Exception {
    FileEvents events = FileEvents.deliver(folder, EVENTS);
    try (StandaloneCluster cluster =
        StandaloneCluster.start(folder, Path.of("").toAbsolutePath(), SHAPE)) {
      Path output = folder.resolve("rollup.json");
      Process run =
          cluster.submit(output, "rollup", "--json", "--config", events.config().toString());
      awaitLanding(run, cluster);
      assertThat(cluster.said("driver").lines().filter(line -> line.contains("Granted executor")))
          .as("half of the cores: an executor of one core on either worker")
          .hasSize(SHAPE.workers())
          .allMatch(line -> line.contains("with 1 core(s)"));
      cluster.killWorker();

      assertThat(run.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      String said = cluster.said("driver");
      assertThat(run.exitValue()).as(said).isZero();
      assertThat(said).as("Spark's own words on the lost executor").contains("Lost executor");
      CommandLineRun result = new CommandLineRun(0, Files.readString(output), said);
      assertThat(result.number("landed")).isEqualTo(EVENTS);
      assertThat(result.number("cores_provisioned")).isEqualTo(SHAPE.workers() * SHAPE.cores());
      assertThat(result.number("cores_allowed")).isEqualTo(2);
      assertThat(result.number("cores_peak")).isPositive();
    }
    assertThat(events.hours()).isEqualTo(events.expected());
    CommandLineRun proof = events.run(TidemarkJobs::run, "reconcile");
    assertThat(proof.exit()).as(proof.out()).isZero();
  }

  /** The events have landed; the rollups are still to come. */
  private void awaitLanding(Process run, StandaloneCluster cluster) throws Exception {
    Path landing = folder.resolve("lake/usage_events/_delta_log/%020d.json".formatted(2));
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!Files.exists(landing)) {
      assertThat(run.isAlive()).as(cluster.said("driver")).isTrue();
      assertThat(Instant.now()).as(cluster.said("driver")).isBefore(deadline);
      Thread.sleep(20);
    }
  }
}
