package dev.tidemark.jobs.lake;

import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quarantine list}. */
@Command(name = "quarantine", description = "The events that the door refused")
public final class QuarantineCommand {
  private QuarantineCommand() {}

  /** A command that speaks to a console. */
  public static CommandLine create(Console console) {
    return new CommandLine(new QuarantineCommand()).addSubcommand(new ListRecords(console));
  }

  @Command(
      name = "list",
      description = "List refused events with the rule each broke, newest first")
  @Exits({ExitCode.UNREACHABLE, ExitCode.PARTIAL})
  private static final class ListRecords implements Callable<Integer> {
    private final Console console;

    @Option(
        names = "--limit",
        paramLabel = "ROWS",
        defaultValue = "20",
        description = "the most to list (default: ${DEFAULT-VALUE})")
    private int limit;

    @Spec private CommandSpec spec;

    private ListRecords(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      if (limit < 1) {
        throw new ParameterException(spec.commandLine(), "--limit " + limit + " is less than 1");
      }
      console.show(
          new JobSession(console.config(), "tidemark job quarantine")
              .withLake(lake -> Quarantine.read(lake, limit)));
      return ExitCode.DONE.number();
    }
  }
}
