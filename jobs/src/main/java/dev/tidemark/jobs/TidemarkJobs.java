package dev.tidemark.jobs;

import dev.tidemark.jobs.backfill.BackfillCommand;
import dev.tidemark.jobs.check.CheckCommand;
import dev.tidemark.jobs.erasure.EraseCommand;
import dev.tidemark.jobs.lake.LakeCommand;
import dev.tidemark.jobs.lake.QuarantineCommand;
import dev.tidemark.jobs.lake.StatusCommand;
import dev.tidemark.jobs.maintenance.MaintainCommand;
import dev.tidemark.jobs.reconciliation.ReconcileCommand;
import dev.tidemark.jobs.rollup.RollupCommand;
import dev.tidemark.migrator.console.CommandRunner;
import dev.tidemark.migrator.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code spark-submit … tidemark-jobs.jar JOB} and of {@code tidemark job JOB}. */
@Command(
    name = "tidemark job",
    description = "Spark jobs that keep the rollups equal to their events.",
    synopsisSubcommandLabel = "JOB")
public final class TidemarkJobs {
  private TidemarkJobs() {}

  /** Runs the job and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(Console.system(), arguments));
  }

  /**
   * Runs the job within this process.
   *
   * @param arguments begin with the job's name
   * @return the exit status
   */
  public static int run(Console console, String... arguments) {
    return CommandRunner.run(
        console,
        new CommandLine(new TidemarkJobs())
            .addSubcommand(new RollupCommand(console))
            .addSubcommand(new BackfillCommand(console))
            .addSubcommand(new ReconcileCommand(console))
            .addSubcommand(new CheckCommand(console))
            .addSubcommand(new MaintainCommand(console))
            .addSubcommand(new EraseCommand(console))
            .addSubcommand(new StatusCommand(console))
            .addSubcommand(QuarantineCommand.create(console))
            .addSubcommand(LakeCommand.create(console)),
        arguments);
  }
}
