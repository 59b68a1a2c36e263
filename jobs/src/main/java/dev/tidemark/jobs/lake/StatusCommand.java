package dev.tidemark.jobs.lake;

import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code status}. */
@Command(
    name = "status",
    description = "Tell how far events are landed and rolled up, and how fresh they are")
@Exits({ExitCode.UNREACHABLE, ExitCode.PARTIAL})
public final class StatusCommand implements Callable<Integer> {
  private final Console console;

  /** A command that speaks to a console. */
  public StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.show(
        new JobSession(console.config(), "tidemark job status").withLake(LakeStatus::read));
    return ExitCode.DONE.number();
  }
}
