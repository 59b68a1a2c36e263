package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.smoke.Smoke;
import dev.tidemark.migrator.smoke.SmokeResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code migrate smoke}: whether every change set goes forward, back and forward again. */
@Command(
    name = "smoke",
    description = "Apply, roll back and apply every change set again, on a throw-away database")
@Exits({ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.MISMATCH, ExitCode.PARTIAL})
final class SmokeCommand implements Callable<Integer> {
  private final Console console;

  SmokeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    SmokeResult result;
    try (Progress progress = console.progress()) {
      result = Smoke.run(console.config(), new ProgressObserver(progress));
    }
    console.show(new SmokeReport(result));
    return (result.passed() ? ExitCode.DONE : ExitCode.MISMATCH).number();
  }
}
