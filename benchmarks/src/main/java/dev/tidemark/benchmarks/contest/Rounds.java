package dev.tidemark.benchmarks.contest;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --rounds} of the commands that hold a contest. */
public final class Rounds {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private int counted = Contest.FEWEST_RUNS;

  /** How many runs of each contestant count. */
  public int counted() {
    return counted;
  }

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "counted runs of each contestant, at least 5, which is the default")
  private void count(int rounds) {
    if (rounds < Contest.FEWEST_RUNS) {
      throw new ParameterException(
          command.commandLine(), "--rounds is at least " + Contest.FEWEST_RUNS);
    }
    counted = rounds;
  }
}
