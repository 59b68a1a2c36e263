package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code migrate observe}: evidence for contract change sets. */
@Command(
    name = "observe",
    description =
        "Write down how the tables and indexes are used that pending contract change sets take"
            + " away; for a scheduler")
@Exits(ExitCode.UNREACHABLE)
final class ObserveCommand implements Callable<Integer> {
  private final Console console;

  ObserveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return MigrateCommand.show(console, migrator -> new ObserveReport(migrator.observe()));
  }
}
