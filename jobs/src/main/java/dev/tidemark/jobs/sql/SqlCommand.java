package dev.tidemark.jobs.sql;

import com.typesafe.config.Config;
import dev.tidemark.jobs.failure.JobsFailures;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sql}: statements given, or piped in, or typed one after another. */
@Command(
    name = "tidemark sql",
    description = {
      "Query the lake's tables and views by their plain names.",
      "Without -e: a shell on a terminal, else the statements on standard input."
    })
@Exits(ExitCode.UNREACHABLE)
final class SqlCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "-e",
      paramLabel = "SQL",
      description = "run these statements, separated by semicolons, and leave")
  private String script;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "table, csv (begins with a header line) or json (an array of objects)")
  private Format format;

  @Option(
      names = "--limit",
      paramLabel = "ROWS",
      defaultValue = "100",
      description = "the most rows that a table shows, 0 for all; csv and json have all rows")
  private int limit;

  @Spec private CommandSpec spec;

  SqlCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (limit < 0) {
      throw new ParameterException(spec.commandLine(), "--limit " + limit + " is less than 0");
    }
    RowWriter writer = new RowWriter(console.out(), format(), limit);
    if (script != null) {
      run(script, writer);
      return ExitCode.DONE.number();
    }
    try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
        run(new String(System.in.readAllBytes(), StandardCharsets.UTF_8), writer);
      } else {
        shell(terminal);
      }
    }
    return ExitCode.DONE.number();
  }

  private Format format() {
    if (console.options().json()) {
      if (format != null && format != Format.JSON) {
        throw new ParameterException(
            spec.commandLine(), "--json and --format " + format + " contradict each other");
      }
      return Format.JSON;
    }
    return format == null ? Format.TABLE : format;
  }

  private void run(String text, RowWriter writer) {
    Statements statements = Statements.of(text);
    if (statements.open() != null) {
      throw JobsFailures.unclosed(statements.open(), statements.rest());
    }
    List<String> all = statements.all();
    try (SqlSession session = SqlSession.open(console.config())) {
      all.forEach(statement -> session.run(statement, writer));
    }
  }

  private void shell(Terminal terminal) {
    Config config = console.config();
    Path history = Path.of(Settings.text(config, "home"), "sql_history");
    try (SqlSession session = SqlSession.open(config)) {
      new SqlShell(session, terminal, history, format(), limit).run();
    }
  }
}
