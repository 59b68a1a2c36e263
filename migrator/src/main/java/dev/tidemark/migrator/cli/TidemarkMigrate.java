package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.CommandRunner;
import dev.tidemark.migrator.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code tidemark migrate …} and {@code tidemark postgres …}. */
@Command(name = "tidemark", description = "Usage numbers that stay true.")
public final class TidemarkMigrate {
  private TidemarkMigrate() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(Console.system(), arguments));
  }

  /**
   * Runs the command within this process.
   *
   * @param arguments begin with {@code migrate} or {@code postgres}
   * @return the exit status
   */
  public static int run(Console console, String... arguments) {
    CommandLine tidemark =
        new CommandLine(new TidemarkMigrate())
            .addSubcommand(MigrateCommand.create(console))
            .addSubcommand(PostgresCommand.create(console));
    return CommandRunner.run(console, tidemark, arguments);
  }
}
