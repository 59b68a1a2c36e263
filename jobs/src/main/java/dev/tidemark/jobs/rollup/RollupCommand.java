package dev.tidemark.jobs.rollup;

import dev.tidemark.jobs.backfill.BackfillScreen;
import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.Pipeline.RunReport;
import dev.tidemark.pipeline.backfill.BackfillSettings;
import dev.tidemark.pipeline.rollup.Rollup;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rollup}. */
@Command(
    name = "rollup",
    description =
        "Land what waits in the source, bring the rollups up to date, and publish them to Postgres")
@Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.MISMATCH, ExitCode.PARTIAL})
public final class RollupCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--dry-run",
      description =
          "list the hours that a run would recompute, with how late their events are, and change"
              + " nothing")
  private boolean dryRun;

  /** A command that speaks to a console. */
  public RollupCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    JobSession session = new JobSession(console, "tidemark job rollup");
    if (dryRun) {
      console.show(look(session));
      return ExitCode.DONE.number();
    }
    RunReport report = run(session);
    console.show(new RollupResult(report));
    report.rollup().requireNoDifferences();
    report.requireNothingStopped();
    report.published().require();
    return ExitCode.DONE.number();
  }

  private Result look(JobSession session) {
    try (Progress progress = console.progress()) {
      progress.update("looking for hours that changed …");
      return session.looking(pipeline -> new WindowsReport(pipeline.affectedWindows()));
    }
  }

  private RunReport run(JobSession session) {
    try (Progress progress = console.progress()) {
      Rollup.Listener listener =
          (table, partition, done, of) ->
              progress.update(
                  "%s %s is up to date (%d of %d)".formatted(table, partition, done, of));
      progress.update("landing what waits …");
      BackfillSettings settings = BackfillSettings.from(console.config());
      return session.withPipeline(
          pipeline -> {
            pipeline
                .firstHistory(settings)
                .ifPresent(
                    all -> pipeline.backfill(all, settings, new BackfillScreen(console, progress)));
            return pipeline.run(listener);
          });
    }
  }
}
