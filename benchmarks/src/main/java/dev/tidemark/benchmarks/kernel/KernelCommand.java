package dev.tidemark.benchmarks.kernel;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.failure.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;

/** {@code bench kernel}. */
@Command(
    name = "kernel",
    description = {
      "The pure arithmetic of the rollup alone, under JMH: two processes, five iterations of a second",
      "each after three to warm up; about a minute and a half."
    })
public final class KernelCommand implements Callable<Integer> {
  private static final TimeValue ITERATION = TimeValue.seconds(1);

  private final Console console;

  /** The command, which speaks through a console. */
  public KernelCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws RunnerException {
    List<KernelReport.Stage> stages =
        new Runner(
                new OptionsBuilder()
                    .include(KernelStages.class.getName())
                    .forks(2)
                    .warmupIterations(3)
                    .warmupTime(ITERATION)
                    .measurementIterations(5)
                    .measurementTime(ITERATION)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run().stream().map(run -> stage(run.getPrimaryResult())).toList();
    console.show(new KernelReport(stages));
    return ExitCode.DONE.number();
  }

  private static KernelReport.Stage stage(Result<?> result) {
    return new KernelReport.Stage(result.getLabel(), result.getScore(), result.getScoreError());
  }
}
