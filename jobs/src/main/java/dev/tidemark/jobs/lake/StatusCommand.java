package dev.tidemark.jobs.lake;

import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.status.StatusReader;
import dev.tidemark.pipeline.status.StatusSettings;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code status}. */
@Command(
    name = "status",
    description = "Tell what is behind, what failed, what waits, and what to do; changes nothing")
@Exits({ExitCode.UNREACHABLE, ExitCode.PARTIAL})
public final class StatusCommand implements Callable<Integer> {
  private final Console console;

  /** A command that speaks to a console. */
  public StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    StatusSettings settings = StatusSettings.from(console.config());
    console.show(
        new StatusResult(
            new JobSession(console, "tidemark job status")
                .withLakeAndServer(
                    (lake, server, unreachable) ->
                        new StatusReader(lake, settings).read(server, unreachable)),
            Instant.now()));
    return ExitCode.DONE.number();
  }
}
