package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.backfill.BackfillCommand;
import dev.tidemark.benchmarks.extract.ExtractCommand;
import dev.tidemark.benchmarks.fixedcost.FixedCostCommand;
import dev.tidemark.benchmarks.histogram.HistogramCommand;
import dev.tidemark.benchmarks.kernel.KernelCommand;
import dev.tidemark.benchmarks.late.LateCommand;
import dev.tidemark.benchmarks.migrate.MigrateCommand;
import dev.tidemark.benchmarks.operational.OperationalCommand;
import dev.tidemark.benchmarks.queries.QueriesCommand;
import dev.tidemark.benchmarks.rollup.RollupCommand;
import dev.tidemark.benchmarks.scaleout.ScaleOutCommand;
import dev.tidemark.benchmarks.torture.TortureCommand;
import dev.tidemark.benchmarks.year.YearCommand;
import dev.tidemark.migrator.console.CommandRunner;
import dev.tidemark.migrator.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code tidemark bench …}. */
@Command(name = "bench", description = "Measure what Tidemark costs, on this machine")
public final class TidemarkBench {
  private TidemarkBench() {}

  /** Runs the benchmark and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Console console = Console.system();
    CommandLine bench =
        new CommandLine(new TidemarkBench())
            .addSubcommand(new OperationalCommand(console))
            .addSubcommand(new MigrateCommand(console))
            .addSubcommand(new BackfillCommand(console))
            .addSubcommand(new LateCommand(console))
            .addSubcommand(new ExtractCommand(console))
            .addSubcommand(new QueriesCommand(console))
            .addSubcommand(new ScaleOutCommand(console))
            .addSubcommand(new RollupCommand(console))
            .addSubcommand(new HistogramCommand(console))
            .addSubcommand(new FixedCostCommand(console))
            .addSubcommand(new YearCommand(console))
            .addSubcommand(new KernelCommand(console))
            .addSubcommand(new TortureCommand(console));
    System.exit(CommandRunner.run(console, bench, arguments));
  }
}
