package dev.tidemark.migrator.cli;

import com.typesafe.config.Config;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.monitoring.OperationLog;
import dev.tidemark.migrator.monitoring.OperationTelemetry;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.OperationObserver;
import dev.tidemark.migrator.operation.RollbackOptions;
import dev.tidemark.migrator.postgres.DatabaseLease;
import dev.tidemark.migrator.postgres.Databases;
import dev.tidemark.migrator.rehearsal.DryRunResult;
import dev.tidemark.migrator.rehearsal.Rehearsal;
import dev.tidemark.migrator.telemetry.Telemetry;
import dev.tidemark.migrator.validation.SchemaValidation;
import dev.tidemark.migrator.validation.ValidationResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code migrate …}: the schema of the database. */
@Command(name = "migrate", description = "Change the schema of the database by change sets")
final class MigrateCommand {
  private MigrateCommand() {}

  static CommandLine create(Console console) {
    return new CommandLine(new MigrateCommand())
        .addSubcommand(new Apply(console))
        .addSubcommand(new Rollback(console))
        .addSubcommand(new Status(console))
        .addSubcommand(LintCommand.create(console))
        .addSubcommand(new VerifyCommand(console))
        .addSubcommand(new ResolveCommand(console))
        .addSubcommand(new ApproveCommand(console))
        .addSubcommand(new BaselineCommand(console))
        .addSubcommand(new SmokeCommand(console))
        .addSubcommand(new NewCommand(console))
        .addSubcommand(new ObserveCommand(console))
        .addSubcommand(new PartitionsCommand(console))
        .addSubcommand(KeysCommand.create(console))
        .addSubcommand(new SeedCommand(console))
        .addSubcommand(new Validate(console))
        .addSubcommand(DocsCommand.create(console))
        .addSubcommand(new HealthCommand(console));
  }

  static int show(Console console, Function<Migrator, Result> operation) {
    console.show(run(console, operation));
    return ExitCode.DONE.number();
  }

  private static int show(
      Console console, String operation, Function<Rehearsal, DryRunResult> dryRun) {
    Rehearsal rehearsal = new Rehearsal(console.config(), console::note);
    console.show(new DryRunReport(operation, dryRun.apply(rehearsal)));
    return ExitCode.DONE.number();
  }

  static <R> R run(Console console, Function<Migrator, R> operation) {
    Config config = console.config();
    try (DatabaseLease lease = Databases.open(config);
        Telemetry telemetry = Telemetry.open(console::note);
        Progress progress = console.progress()) {
      List<OperationObserver> observers =
          new ArrayList<>(
              List.of(
                  new ProgressObserver(progress),
                  new OperationTelemetry(telemetry.api(), telemetry.parent())));
      if (!console.isTerminal()) {
        observers.add(new OperationLog());
      }
      return operation.apply(
          Migrator.open(lease.database(), config).observedBy(OperationObserver.all(observers)));
    }
  }

  @Command(name = "apply", description = "Apply pending change sets, in order")
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
    private Optional<String> to = Optional.empty();

    @Option(
        names = "--dry-run",
        description = "only tell what it would do, tried out on a throw-away database")
    private boolean dryRun;

    @Mixin private WindowOption window = new WindowOption();
    @Mixin private BreakGlass breakGlass;

    private Apply(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      if (dryRun) {
        return show(console, "apply", rehearsal -> rehearsal.apply(new ApplyOptions(to)));
      }
      return show(
          console,
          migrator ->
              new OperationReport(
                  "applied", breakGlass.on(window.of(migrator)).apply(new ApplyOptions(to))));
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
    private Extent extent;

    @Option(
        names = "--dry-run",
        description = "only tell what it would do, tried out on a throw-away database")
    private boolean dryRun;

    @Mixin private WindowOption window = new WindowOption();
    @Mixin private BreakGlass breakGlass;

    private Rollback(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      if (dryRun) {
        return show(console, "rollback", rehearsal -> rehearsal.rollback(extent.options()));
      }
      return show(
          console,
          migrator ->
              new OperationReport(
                  "rolled back", breakGlass.on(window.of(migrator)).rollback(extent.options())));
    }
  }

  /** Picocli fills it in. */
  private static final class WindowOption {
    @Option(
        names = "--outside-window",
        paramLabel = "REASON",
        description = "do not wait for the maintenance window; the reason is kept")
    private Optional<String> reason = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private Migrator of(Migrator migrator) {
      if (reason.isPresent() && reason.get().isBlank()) {
        throw new ParameterException(spec.commandLine(), "--outside-window needs a reason");
      }
      return reason.map(migrator::outsideWindow).orElse(migrator);
    }
  }

  private static final class BreakGlass {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
        names = "--break-glass",
        paramLabel = "REASON",
        description = "go without approval in an emergency; it is kept with the reason")
    private Optional<String> reason = Optional.empty();

    private Migrator on(Migrator migrator) {
      if (reason.filter(String::isBlank).isPresent()) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "--break-glass needs a reason in your words");
      }
      return reason.map(migrator::breakingGlass).orElse(migrator);
    }
  }

  private static final class Extent {
    @Option(
        names = "--to",
        paramLabel = "VERSION",
        description = "the version that stays; 0 for none")
    private String to;

    @Option(names = "--last", paramLabel = "N", description = "how many to roll back")
    private Integer last;

    private RollbackOptions options() {
      return to == null ? new RollbackOptions.Last(last) : new RollbackOptions.To(to);
    }
  }

  @Command(name = "status", description = "Tell which change sets are applied and which pending")
  @Exits(ExitCode.UNREACHABLE)
  private static final class Status implements Callable<Integer> {
    private final Console console;

    private Status(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      return show(console, migrator -> new StatusReport(migrator.status()));
    }
  }

  @Command(
      name = "validate",
      description = "Compare the database with what its change sets make, and judge its design")
  @Exits({ExitCode.UNREACHABLE, ExitCode.MISMATCH})
  private static final class Validate implements Callable<Integer> {
    private final Console console;

    private Validate(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      Config config = console.config();
      try (DatabaseLease lease = Databases.open(config)) {
        ValidationResult result = SchemaValidation.validate(lease.database(), config);
        console.show(new ValidationReport(result));
        return (result.valid() ? ExitCode.DONE : ExitCode.MISMATCH).number();
      }
    }
  }
}
