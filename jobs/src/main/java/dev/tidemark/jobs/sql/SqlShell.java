package dev.tidemark.jobs.sql;

import dev.tidemark.jobs.failure.JobsException;
import dev.tidemark.jobs.failure.JobsFailures;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/**
 * The interactive shell: statements over several lines, history, completion. Ctrl-C clears the line
 * or gives up the running statement, Ctrl-D leaves.
 */
final class SqlShell {
  private static final String GREETING =
      "Statements end with ;   \\d lists tables, \\d NAME their columns, \\q leaves, Tab completes.";

  private final SqlSession session;
  private final Terminal terminal;
  private final PrintStream screen;
  private final LineReader reader;
  private final RowWriter writer;

  /**
   * A shell on a terminal.
   *
   * @param history the file that keeps what was typed
   * @param limit the most rows that a table shows
   */
  SqlShell(SqlSession session, Terminal terminal, Path history, Format format, int limit) {
    try {
      Files.createDirectories(history.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw JobsFailures.historyUnwritable(history, e);
    }
    this.session = session;
    this.terminal = terminal;
    this.screen = new PrintStream(terminal.output(), true, StandardCharsets.UTF_8);
    this.writer = new RowWriter(screen, format, limit);
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("tidemark")
            .parser(new SqlParser())
            .completer(new SqlCompleter(session::tables, session::columns, session::functions))
            .variable(LineReader.HISTORY_FILE, history)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "     ...> ")
            .option(LineReader.Option.CASE_INSENSITIVE, true)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
  }

  /** Reads and runs statements until the user leaves. */
  void run() {
    terminal.handle(Terminal.Signal.INT, signal -> session.cancel());
    screen.println(GREETING);
    boolean staying = true;
    while (staying) {
      try {
        staying = answer(reader.readLine("tidemark> "));
      } catch (UserInterruptException e) {
        // The line is cleared; go on with the next.
      } catch (EndOfFileException e) {
        staying = false;
      } catch (JobsException e) {
        screen.println(e.reason());
      }
    }
  }

  /** Returns whether to stay. */
  private boolean answer(String line) {
    if (!ShellCommand.isOne(line)) {
      Statements.of(line).complete().forEach(statement -> session.run(statement, writer));
      return true;
    }
    ShellCommand command = ShellCommand.of(line);
    if (command instanceof ShellCommand.ListTables) {
      session.run("SHOW TABLES", writer);
    } else if (command instanceof ShellCommand.DescribeTable table) {
      session.run("DESCRIBE `" + table.name().replace("`", "``") + "`", writer);
    } else if (command instanceof ShellCommand.Help) {
      screen.println(GREETING);
    }
    return !(command instanceof ShellCommand.Leave);
  }
}
