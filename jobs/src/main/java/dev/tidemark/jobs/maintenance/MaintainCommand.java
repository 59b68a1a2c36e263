package dev.tidemark.jobs.maintenance;

import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.maintenance.Maintenance;
import dev.tidemark.pipeline.maintenance.MaintenanceReport;
import dev.tidemark.pipeline.maintenance.MaintenanceSettings;
import dev.tidemark.pipeline.runs.JobRun;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code maintain}. */
@Command(
    name = "maintain",
    description =
        "Put small files of the lake together, take dead ones away, and write checkpoints; rollups"
            + " may run meanwhile")
@Exits({ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.PARTIAL})
public final class MaintainCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--dry-run", description = "tell what would be compacted, and change nothing")
  private boolean dryRun;

  /** A command that speaks to a console. */
  public MaintainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    MaintenanceSettings settings = MaintenanceSettings.from(console.config());
    MaintenanceReport report = maintain(settings);
    console.show(new MaintenanceResult(report, dryRun));
    return (report.lostAny() ? ExitCode.BUSY : ExitCode.DONE).number();
  }

  /** In the record of runs, where the lake has it. */
  private static MaintenanceReport recorded(
      Lake lake, MaintenanceSettings settings, String runId, Maintenance.Listener listener) {
    return lake.table("job_starts").exists()
        ? JobRun.recorded(
            lake,
            runId,
            "maintain",
            "lake",
            run -> new Maintenance(run.lake(), settings, runId).run(false, listener),
            report -> JobRun.Figures.NONE)
        : new Maintenance(lake, settings, runId).run(false, listener);
  }

  private MaintenanceReport maintain(MaintenanceSettings settings) {
    try (Progress progress = console.progress()) {
      Maintenance.Listener listener =
          (table, number, of) -> progress.update("%s (%d of %d) …".formatted(table, number, of));
      JobSession session = new JobSession(console, "tidemark job maintain");
      String runId = UUID.randomUUID().toString();
      return dryRun
          ? session.withLake(lake -> new Maintenance(lake, settings, runId).run(true, listener))
          : session.withToldLake(lake -> recorded(lake, settings, runId, listener));
    }
  }
}
