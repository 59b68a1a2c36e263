package dev.tidemark.jobs.sql;

import dev.tidemark.migrator.console.CommandRunner;
import dev.tidemark.migrator.console.Console;
import picocli.CommandLine;

/** Entry point of {@code tidemark sql}. */
public final class TidemarkSql {
  private TidemarkSql() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(Console.system(), arguments));
  }

  /**
   * Runs the command within this process.
   *
   * @return the exit status
   */
  public static int run(Console console, String... arguments) {
    CommandLine sql =
        new CommandLine(new SqlCommand(console)).setCaseInsensitiveEnumValuesAllowed(true);
    return CommandRunner.run(console, sql, arguments);
  }
}
