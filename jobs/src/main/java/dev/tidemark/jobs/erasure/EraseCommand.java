package dev.tidemark.jobs.erasure;

import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.Pipeline;
import dev.tidemark.pipeline.erasure.AnsweredRequest;
import dev.tidemark.pipeline.erasure.ErasureReport;
import dev.tidemark.pipeline.erasure.Subject;
import dev.tidemark.pipeline.rollup.Rollup;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine.ArgGroup;
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

  @ArgGroup(multiplicity = "1")
  private Whom whom;

  private static final class Whom {
    @ArgGroup(exclusive = false, multiplicity = "1")
    private Named named;

    @Option(
        names = "--requests",
        required = true,
        description =
            "everybody for whom a request in the table erasure_requests of the source's Postgres is"
                + " open; each is marked as completed or failed")
    private boolean requests;
  }

  private static final class Named {
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
  }

  @Spec private CommandSpec spec;

  /** A command that speaks to a console. */
  public EraseCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (whom.requests) {
      List<AnsweredRequest> answered =
          erasing(
              (pipeline, listener) -> pipeline.eraseRequested(RequestsResult::evidence, listener));
      console.show(new RequestsResult(answered));
      AnsweredRequest.requireAllCompleted(answered);
      return ExitCode.DONE.number();
    }
    Named named = whom.named;
    if (named.organization.isBlank() || named.user.filter(String::isBlank).isPresent()) {
      throw new ParameterException(spec.commandLine(), "an empty name erases nothing");
    }
    Subject subject = new Subject(named.organization, named.user);
    ErasureReport report =
        erasing((pipeline, listener) -> pipeline.erase(subject, named.request, listener));
    console.show(new ErasureResult(report, named.request));
    return ExitCode.DONE.number();
  }

  private <T> T erasing(BiFunction<Pipeline, Rollup.Listener, T> work) {
    try (Progress progress = console.progress()) {
      Rollup.Listener listener =
          (table, month, done, of) ->
              progress.update("%s %s (%d of %d) …".formatted(table, month, done, of));
      return new JobSession(console.config(), "tidemark job erase")
          .withPipeline(pipeline -> work.apply(pipeline, listener));
    }
  }
}
