package dev.tidemark.jobs.erasure;

import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.erasure.ErasureReport;
import dev.tidemark.pipeline.erasure.Subject;
import dev.tidemark.pipeline.rollup.Rollup;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code erase}. */
@Command(
    name = "erase",
    description =
        "Erase the events of a user or an organization from the lake and its rollups; they are not"
            + " landed again")
@Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.PARTIAL})
public final class EraseCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--organization",
      paramLabel = "ID",
      required = true,
      description = "the organization, as events name it")
  private String organization;

  @Option(
      names = "--user",
      paramLabel = "ID",
      description = "the user of that organization; left out: the whole organization")
  private Optional<String> user = Optional.empty();

  @Option(
      names = "--request",
      paramLabel = "ID",
      description = "the request for erasure that this answers; it is kept")
  private Optional<String> request = Optional.empty();

  @Spec private CommandSpec spec;

  /** A command that speaks to a console. */
  public EraseCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (organization.isBlank() || user.filter(String::isBlank).isPresent()) {
      throw new ParameterException(spec.commandLine(), "an empty name erases nothing");
    }
    console.show(new ErasureResult(erase(), request));
    return ExitCode.DONE.number();
  }

  private ErasureReport erase() {
    try (Progress progress = console.progress()) {
      Rollup.Listener listener =
          (table, month, done, of) ->
              progress.update("%s %s (%d of %d) …".formatted(table, month, done, of));
      return new JobSession(console.config(), "tidemark job erase")
          .withPipeline(
              pipeline -> pipeline.erase(new Subject(organization, user), request, listener));
    }
  }
}
