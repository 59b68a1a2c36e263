package dev.tidemark.jobs.demo;

import dev.tidemark.migrator.console.CommandRunner;
import dev.tidemark.migrator.console.Console;
import picocli.CommandLine;

/** Entry point of {@code tidemark demo}. */
public final class TidemarkDemo {
  private TidemarkDemo() {}

  /** Runs the demo and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(Console.system(), arguments));
  }

  /**
   * Runs the demo within this process.
   *
   * @return the exit status
   */
  public static int run(Console console, String... arguments) {
    return CommandRunner.run(console, new CommandLine(new DemoCommand(console)), arguments);
  }
}
