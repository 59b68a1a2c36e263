package dev.tidemark.jobs.lake;

import dev.tidemark.jobs.session.JobSession;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.landing.Resubmission;
import dev.tidemark.pipeline.quality.QualityRules;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quarantine list} and {@code quarantine resubmit}. */
@Command(name = "quarantine", description = "The events that the door refused")
public final class QuarantineCommand {
  private QuarantineCommand() {}

  /** A command that speaks to a console. */
  public static CommandLine create(Console console) {
    return new CommandLine(new QuarantineCommand())
        .addSubcommand(new ListRecords(console))
        .addSubcommand(new Resubmit(console));
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

    @Option(names = "--rule", paramLabel = "NAME", description = "only what this rule has refused")
    private String rule;

    @Spec private CommandSpec spec;

    private ListRecords(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      if (limit < 1) {
        throw new ParameterException(spec.commandLine(), "--limit " + limit + " is less than 1");
      }
      QualityRules rules = QualityRules.from(console.config());
      console.show(
          new JobSession(console.config(), "tidemark job quarantine")
              .withLake(lake -> Quarantine.read(lake, limit, Optional.ofNullable(rule), rules)));
      return ExitCode.DONE.number();
    }
  }

  @Command(
      name = "resubmit",
      description =
          "Submit refused events again, after the rule, the mapping or the setting that refused"
              + " them was mended; they are read from the source once more")
  @Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.PARTIAL})
  private static final class Resubmit implements Callable<Integer> {
    private final Console console;

    @ArgGroup(multiplicity = "1")
    private Which which;

    private static final class Which {
      @Option(names = "--all", description = "everything that the source's events were refused for")
      private boolean all;

      @Option(names = "--rule", paramLabel = "NAME", description = "what this rule has refused")
      private String rule;

      @Option(
          names = "--record",
          paramLabel = "ID",
          arity = "1..*",
          description = "these records, as `quarantine list --json` names them (record_id)")
      private List<String> records = List.of();
    }

    private Resubmit(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      Resubmission.Selection selection =
          new Resubmission.Selection(Optional.ofNullable(which.rule), which.records);
      console.show(
          new ResubmissionResult(
              new JobSession(console.config(), "tidemark job quarantine")
                  .withPipeline(pipeline -> pipeline.resubmit(selection))));
      return ExitCode.DONE.number();
    }
  }
}
