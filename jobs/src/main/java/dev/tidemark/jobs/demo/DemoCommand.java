package dev.tidemark.jobs.demo;

import com.typesafe.config.Config;
import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.postgres.DatabaseLease;
import dev.tidemark.migrator.postgres.Databases;
import dev.tidemark.pipeline.PipelineSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}. */
@Command(
    name = "tidemark demo",
    description = {
      "Run the whole story on this machine: Postgres, late events, rollups, reconciliation.",
      "It fills <home>/postgres and <home>/lake, and replaces what an earlier demo left there;"
          + " where anything else lies there it refuses to start."
    })
@Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.MISMATCH, ExitCode.PARTIAL})
final class DemoCommand implements Callable<Integer> {
  private static final int LEAST = 1_000;
  private static final int MOST = 100_000_000;

  private final Console console;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "200000",
      description = "how many events are there at first (default: ${DEFAULT-VALUE})")
  private int events;

  @Spec private CommandSpec spec;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (events < LEAST || events > MOST) {
      throw new ParameterException(
          spec.commandLine(), "--events is from " + LEAST + " to " + MOST + ", not " + events);
    }
    DemoResult result = tell(console.config());
    console.show(result);
    return (result.mismatches() == 0 ? ExitCode.DONE : ExitCode.MISMATCH).number();
  }

  private DemoResult tell(Config config) {
    DemoHome home = DemoHome.of(config);
    try (Progress progress = console.progress()) {
      Stages stages = new Stages(progress);
      stages.begin("starting Postgres");
      try (DatabaseLease lease = Databases.open(config)) {
        home.prepare(lease.database(), config, stages);
        return new JobSession(config, "tidemark demo")
            .withSpark(
                PipelineSettings.from(config),
                spark -> new Demo(spark, home, lease.database(), stages).run(events));
      }
    }
  }
}
