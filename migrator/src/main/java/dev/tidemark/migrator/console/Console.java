package dev.tidemark.migrator.console;

import com.typesafe.config.Config;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a command speaks: its result on standard output, everything else on standard error. */
public final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;
  private final GlobalOptions options = new GlobalOptions();

  /**
   * A console of one's own, for tests and embedding.
   *
   * @param out takes results
   * @param err takes messages and progress
   * @param terminal whether {@code err} is a terminal, which can show a line that changes
   */
  public Console(PrintStream out, PrintStream err, boolean terminal) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /**
   * The process's own standard streams, in UTF-8. What libraries print, such as Delta's VACUUM,
   * goes to the standard error stream from now on: it is no result.
   */
  public static Console system() {
    System.setOut(System.err);
    return new Console(
        stream(FileDescriptor.out), stream(FileDescriptor.err), standardErrorIsTerminal());
  }

  /** The options that were given; filled by {@link CommandRunner}. */
  public GlobalOptions options() {
    return options;
  }

  /**
   * The configuration which the command runs with.
   *
   * @throws dev.tidemark.migrator.settings.SettingsException if it cannot be used
   */
  public Config config() {
    return options.config();
  }

  /** Shows the result of the command: its text, or with {@code --json} one line of JSON. */
  public void show(Result result) {
    out.println(options.json() ? Json.write(result.json()) : result.text());
    out.flush();
  }

  /** Tells the user something that is not the result. */
  public void note(String message) {
    err.println(message);
    err.flush();
  }

  /** A line on standard error that follows a long piece of work. */
  public Progress progress() {
    return new Progress(err, terminal);
  }

  /** Whether standard error is a terminal, where people read along. */
  public boolean isTerminal() {
    return terminal;
  }

  /** Where raw output goes which is the result itself, such as a table of rows. */
  public PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** Java can only ask about all standard streams together; Linux tells about each. */
  private static boolean standardErrorIsTerminal() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    Path descriptor = Path.of("/proc/self/fd/2");
    if (!Files.exists(descriptor)) {
      return System.console() != null;
    }
    try {
      String device = descriptor.toRealPath().toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
