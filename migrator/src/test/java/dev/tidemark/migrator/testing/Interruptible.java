package dev.tidemark.migrator.testing;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Programs that Ctrl-C reaches. What a shell starts in the background ignores it, and so do the
 * children of tests that run there, unless they are told otherwise.
 */
public final class Interruptible {
  private static final List<String> PREFIX = List.of("env", "--default-signal=INT");

  private Interruptible() {}

  /** The command, told not to ignore SIGINT; unchanged where {@code env} cannot say so. */
  public static List<String> command(List<String> command) throws IOException {
    return canTell() ? Stream.concat(PREFIX.stream(), command.stream()).toList() : command;
  }

  private static boolean canTell() throws IOException {
    List<String> trial = Stream.concat(PREFIX.stream(), Stream.of("true")).toList();
    try {
      return new ProcessBuilder(trial).redirectErrorStream(true).start().waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
