package dev.tidemark.jobs.reconciliation;

import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.reconciliation.ReconciliationReport;
import dev.tidemark.pipeline.window.TimeRange;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code reconcile}. */
@Command(
    name = "reconcile",
    description = "Compare source, landed events, hours and days with each other")
@Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.MISMATCH, ExitCode.PARTIAL})
public final class ReconcileCommand implements Callable<Integer> {
  private final Console console;

  @ArgGroup(exclusive = false)
  private Range range;

  @Option(
      names = "--repair",
      description =
          "land what the lake lacks, recompute the hours and days that disagree, and compare again")
  private boolean repair;

  @Spec private CommandSpec spec;

  private static final class Range {
    @Option(
        names = "--from",
        paramLabel = "TIME",
        required = true,
        description = "compare from the UTC day of this time on, such as 2026-11-14")
    private String from;

    @Option(
        names = "--to",
        paramLabel = "TIME",
        required = true,
        description = "compare up to this time; the day on which it lies is compared whole")
    private String to;
  }

  /** A command that speaks to a console. */
  public ReconcileCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ReconciliationReport report = compare(days());
    console.show(new ReconciliationResult(report));
    return (report.agrees() ? ExitCode.DONE : ExitCode.MISMATCH).number();
  }

  private ReconciliationReport compare(Optional<TimeRange> days) {
    try (Progress progress = console.progress()) {
      progress.update("comparing source, landed events, hours and days …");
      return new JobSession(console, "tidemark job reconcile")
          .withPipeline(
              pipeline ->
                  repair
                      ? pipeline.repair(
                          days,
                          (table, month, done, of) ->
                              progress.update(
                                  "%s %s is computed again (%d of %d)"
                                      .formatted(table, month, done, of)))
                      : pipeline.reconcile(days));
    }
  }

  private Optional<TimeRange> days() {
    try {
      return Optional.ofNullable(range)
          .map(given -> TimeRange.parse(given.from, given.to).begunBy(Instant.now()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }
}
