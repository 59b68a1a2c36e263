package dev.tidemark.jobs.lake;

import com.typesafe.config.Config;
import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.lake.LakeChangeSets;
import dev.tidemark.pipeline.lake.LakeChangeSets.Extent;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lake apply}, {@code rollback}, {@code verify} and {@code status}. */
@Command(name = "lake", description = "The lake's own change sets")
public final class LakeCommand {
  private LakeCommand() {}

  /** A command that speaks to a console. */
  public static CommandLine create(Console console) {
    return new CommandLine(new LakeCommand())
        .addSubcommand(new Apply(console))
        .addSubcommand(new Rollback(console))
        .addSubcommand(new Verify(console))
        .addSubcommand(new Status(console));
  }

  private static <T> T on(Console console, String name, Function<LakeChangeSets, T> work) {
    Config config = console.config();
    String actor =
        Settings.optionalText(config, "migrate.actor").orElse(System.getProperty("user.name"));
    return new JobSession(config, "tidemark job lake " + name)
        .withAnyLake(lake -> work.apply(new LakeChangeSets(lake, actor)));
  }

  @Command(
      name = "apply",
      description = "Make the lake, or bring it up to this program, also after a rollback")
  @Exits({
    ExitCode.REFUSED,
    ExitCode.UNREACHABLE,
    ExitCode.BUSY,
    ExitCode.MISMATCH,
    ExitCode.PARTIAL
  })
  private static final class Apply implements Callable<Integer> {
    private final Console console;

    @Option(names = "--to", paramLabel = "VERSION", description = "the last one to apply")
    private Optional<Long> to = Optional.empty();

    @Option(
        names = "--dry-run",
        description = "only tell what it would do, tried out on empty copies of the tables")
    private boolean dryRun;

    private Apply(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      console.show(
          dryRun
              ? new LakePlans("apply", on(console, "apply", sets -> sets.planApply(to)))
              : new LakeSteps("applied", on(console, "apply", sets -> sets.apply(to))));
      return ExitCode.DONE.number();
    }
  }

  @Command(name = "rollback", description = "Roll applied change sets back, the youngest first")
  @Exits({
    ExitCode.REFUSED,
    ExitCode.UNREACHABLE,
    ExitCode.BUSY,
    ExitCode.MISMATCH,
    ExitCode.PARTIAL
  })
  private static final class Rollback implements Callable<Integer> {
    private final Console console;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private How how;

    @Option(
        names = "--dry-run",
        description = "only tell what it would do, tried out on empty copies of the tables")
    private boolean dryRun;

    @Option(
        names = "--force-data-loss",
        paramLabel = "REASON",
        description = "go back although rows are lost; the reason is kept")
    private Optional<String> reason = Optional.empty();

    @Spec private CommandSpec spec;

    private Rollback(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      if (reason.filter(String::isBlank).isPresent()) {
        throw new ParameterException(
            spec.commandLine(), "--force-data-loss needs a reason in your words");
      }
      Extent extent = how.extent(spec.commandLine());
      console.show(
          dryRun
              ? new LakePlans(
                  "rollback", on(console, "rollback", sets -> sets.planRollback(extent)))
              : new LakeSteps(
                  "rolled_back", on(console, "rollback", sets -> sets.rollback(extent, reason))));
      return ExitCode.DONE.number();
    }
  }

  /** Picocli fills it in. */
  private static final class How {
    @Option(
        names = "--to",
        paramLabel = "VERSION",
        description = "the version that stays; 0 for none")
    private Long to;

    @Option(names = "--last", paramLabel = "N", description = "how many to roll back")
    private Integer last;

    private Extent extent(CommandLine command) {
      if (last != null && last < 1) {
        throw new ParameterException(command, "--last " + last + " is less than 1");
      }
      return last == null ? new Extent.To(to) : new Extent.Last(last);
    }
  }

  @Command(
      name = "verify",
      description =
          "Execute verify.sql of every applied change set, and tell what was altered by hand")
  @Exits({ExitCode.UNREACHABLE, ExitCode.MISMATCH, ExitCode.PARTIAL})
  private static final class Verify implements Callable<Integer> {
    private final Console console;

    private Verify(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      LakeChangeSets.Verification found = on(console, "verify", LakeChangeSets::verify);
      console.show(new LakeVerified(found));
      return (found.mismatches() == 0 ? ExitCode.DONE : ExitCode.MISMATCH).number();
    }
  }

  @Command(
      name = "status",
      description = "Tell which change sets are applied and which pending, and what was done")
  @Exits({ExitCode.UNREACHABLE, ExitCode.PARTIAL})
  private static final class Status implements Callable<Integer> {
    private final Console console;

    private Status(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      console.show(new LakeSchemaShown(on(console, "status", LakeChangeSets::status)));
      return ExitCode.DONE.number();
    }
  }
}
