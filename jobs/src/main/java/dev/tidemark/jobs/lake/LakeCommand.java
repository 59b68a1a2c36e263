package dev.tidemark.jobs.lake;

import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.lake.LakeChangeSets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code lake apply}. */
@Command(name = "lake", description = "The lake's own change sets")
public final class LakeCommand {
  private LakeCommand() {}

  /** A command that speaks to a console. */
  public static CommandLine create(Console console) {
    return new CommandLine(new LakeCommand()).addSubcommand(new Apply(console));
  }

  @Command(name = "apply", description = "Make the lake, or bring it up to this program")
  @Exits({ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.PARTIAL})
  private static final class Apply implements Callable<Integer> {
    private final Console console;

    private Apply(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      console.show(
          new Applied(
              new JobSession(console.config(), "tidemark job lake apply")
                  .withAnyLake(lake -> new LakeChangeSets(lake).apply())));
      return ExitCode.DONE.number();
    }
  }

  private record Applied(List<String> changeSets) implements Result {
    @Override
    public String text() {
      return changeSets.isEmpty()
          ? "The lake is up to date."
          : "Applied " + String.join(", ", changeSets) + ".";
    }

    @Override
    public Object json() {
      return Map.of("applied", changeSets);
    }
  }
}
