package dev.tidemark.migrator.cli;

import com.typesafe.config.Config;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.lint.LintResult;
import dev.tidemark.migrator.rehearsal.Rehearsal;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code migrate lint}: what is dangerous in a change set. */
@Command(
    name = "lint",
    description =
        "Run the pending change sets and their rollbacks on a throw-away database and tell what is"
            + " dangerous in them")
@Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE})
final class LintCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--sql",
      paramLabel = "FILE",
      arity = "1..*",
      description = "judge these scripts instead, as if they were the next change sets")
  private List<Path> scripts = List.of();

  @Option(
      names = "--given",
      paramLabel = "FILE",
      description =
          "a script that sets the scene first; one that makes what change sets make already"
              + " stands for itself")
  private Optional<Path> given = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "text|json|sarif",
      description = "how findings are written; text unless told otherwise")
  private LintReport.Format format = LintReport.Format.TEXT;

  private LintCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    return new CommandLine(new LintCommand(console)).setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public Integer call() {
    Config config = console.config();
    Rehearsal rehearsal = new Rehearsal(config, console::note);
    boolean pending = scripts.isEmpty();
    if (pending && given.isPresent()) {
      throw new ParameterException(spec.commandLine(), "--given needs --sql");
    }
    List<LintResult> results = pending ? rehearsal.lint() : rehearsal.lint(given, scripts);
    String folder =
        Settings.optionalText(config, "migrate.change-sets").orElse("db/operational") + "/";
    LintReport report = new LintReport(results, format, pending ? folder : "");
    console.show(report);
    return (report.hasErrors() ? ExitCode.REFUSED : ExitCode.DONE).number();
  }
}
