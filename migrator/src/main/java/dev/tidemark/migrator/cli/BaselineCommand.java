package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code migrate baseline}: takes an existing database over. */
@Command(
    name = "baseline",
    description = "Write down that the change sets up to a version are there already")
@Exits({ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.MISMATCH})
final class BaselineCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "VERSION", description = "the last one that is there")
  private String version;

  BaselineCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return MigrateCommand.show(
        console, migrator -> new OperationReport("taken over", migrator.baseline(version)));
  }
}
