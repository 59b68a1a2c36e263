package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code migrate approve}: a person stands for the bytes of a change set. */
@Command(
    name = "approve",
    description =
        "Approve a change set as it is now; docs/runbooks/dual-approval.md says who must, and when")
@Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE, ExitCode.BUSY})
final class ApproveCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "VERSION", description = "the change set")
  private String version;

  @Option(names = "--reason", description = "why, in your words; it is kept")
  private Optional<String> reason = Optional.empty();

  @Option(names = "--revoke", description = "take your approval back")
  private boolean revoke;

  ApproveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return MigrateCommand.show(
        console,
        migrator -> new ApprovalReport(version, migrator.approve(version, revoke, reason)));
  }
}
