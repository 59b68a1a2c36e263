package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.audit.AuditVerdict;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.operation.Migrator;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code migrate audit …}: the chain of entries about what the migrator did. */
@Command(
    name = "audit",
    description = "The chain of entries about what the migrator did; docs/runbooks/audit.md")
final class AuditCommand {
  private AuditCommand() {}

  static CommandLine create(Console console) {
    return new CommandLine(new AuditCommand())
        .addSubcommand(new Verify(console))
        .addSubcommand(new Accept(console));
  }

  private static int show(Console console, AuditVerdict verdict) {
    console.show(new AuditReport(verdict));
    return (verdict.intact() ? ExitCode.DONE : ExitCode.MISMATCH).number();
  }

  @Command(
      name = "verify",
      description = "Find entries that were edited, removed, moved, forged or cut off")
  @Exits({ExitCode.UNREACHABLE, ExitCode.MISMATCH})
  private static final class Verify implements Callable<Integer> {
    private final Console console;

    private Verify(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      return show(console, MigrateCommand.run(console, Migrator::verifyAudit));
    }
  }

  @Command(
      name = "accept",
      description =
          "Take the chain as it is for granted, such as after a restore to an earlier time")
  @Exits({ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.MISMATCH})
  private static final class Accept implements Callable<Integer> {
    private final Console console;

    @Spec private CommandSpec spec;

    @Option(names = "--reason", required = true, description = "why, in your words; it is kept")
    private String reason;

    private Accept(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      if (reason.isBlank()) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "--reason needs a reason in your words");
      }
      return show(console, MigrateCommand.run(console, migrator -> migrator.acceptAudit(reason)));
    }
  }
}
