package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.VerifyResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code migrate verify}: whether what was applied is still there. */
@Command(name = "verify", description = "Execute verify.sql of every applied change set")
@Exits({ExitCode.UNREACHABLE, ExitCode.MISMATCH})
final class VerifyCommand implements Callable<Integer> {
  private final Console console;

  VerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    VerifyResult result = MigrateCommand.run(console, Migrator::verify);
    console.show(new VerifyReport(result));
    return (result.mismatches().isEmpty() ? ExitCode.DONE : ExitCode.MISMATCH).number();
  }
}
