package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.state.Resolution;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code migrate resolve}: a person says what is to become of a change set that failed. */
@Command(
    name = "resolve",
    description = "Tell what is seen of a change set that failed, or say what is to become of it")
@Exits({ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.MISMATCH})
final class ResolveCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "VERSION", description = "the change set")
  private String version;

  @Option(names = "--reason", description = "why, in your words; it is kept")
  private Optional<String> reason = Optional.empty();

  @ArgGroup(exclusive = true)
  private Choice choice;

  ResolveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (choice == null) {
      return MigrateCommand.show(
          console, migrator -> new GuidanceReport(migrator.guide(version), Optional.empty()));
    }
    String words =
        reason
            .filter(given -> !given.isBlank())
            .orElseThrow(
                () ->
                    new CommandLine.ParameterException(
                        spec.commandLine(), "A decision needs its --reason"));
    return MigrateCommand.show(
        console,
        migrator ->
            new GuidanceReport(
                migrator.resolve(version, choice.resolution(), words),
                Optional.of(choice.resolution())));
  }

  private static final class Choice {
    @Option(names = "--retry", description = "the cause is mended, apply may go on with it")
    private boolean retry;

    @Option(names = "--mark-applied", description = "all of it is there")
    private boolean markApplied;

    @Option(names = "--mark-rolled-back", description = "nothing of it is there")
    private boolean markRolledBack;

    private Resolution resolution() {
      if (retry) {
        return Resolution.RETRY;
      }
      return markApplied ? Resolution.MARK_APPLIED : Resolution.MARK_ROLLED_BACK;
    }
  }
}
