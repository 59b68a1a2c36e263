package dev.tidemark.pipeline.torture;

import dev.tidemark.migrator.postgres.Database;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A process that runs the pipeline, is killed, and comes back. One command at a time. */
final class Worker implements AutoCloseable {
  private static final List<String> QUICK =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:ReservedCodeCacheSize=256m",
          "-Xmx1g",
          "-Duser.timezone=UTC");

  private final String name;
  private final Path folder;
  private final Database database;
  private Process process;
  private BufferedReader answers;
  private Writer commands;

  /**
   * A worker, whose process begins to start.
   *
   * @param folder holds the lake and the worker's log
   */
  Worker(String name, Path folder, Database database) {
    this.name = name;
    this.folder = folder;
    this.database = database;
    launch();
  }

  /** How a command ended. */
  sealed interface Outcome {
    /** It was done. */
    record Done(String told) implements Outcome {}

    /**
     * It failed.
     *
     * @param exit the exit code that a command line would have
     * @param storage whether storage was made to fail
     */
    record Failed(int exit, boolean storage, String told) implements Outcome {}

    /** The process was killed. */
    record Killed() implements Outcome {}
  }

  String name() {
    return name;
  }

  /** Begins with a command. */
  CompletableFuture<Outcome> start(String command, Step.Fault fault) {
    return CompletableFuture.supplyAsync(() -> converse(command, fault));
  }

  private Outcome converse(String command, Step.Fault fault) {
    try {
      if (fault instanceof Step.Fault.KillAt at) {
        ask("fault stop %s %d %s".formatted(at.table(), at.number(), at.written()));
      } else if (fault instanceof Step.Fault.LoseAnswer lose) {
        ask("fault lose %s %d %s".formatted(lose.table(), lose.number(), lose.written()));
      } else {
        ask("fault none - 0 false");
      }
      if (fault instanceof Step.Fault.KillAfter after) {
        Process doomed = process;
        Executor later = CompletableFuture.delayedExecutor(after.millis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Void> bell = CompletableFuture.runAsync(doomed::destroyForcibly, later);
        Outcome outcome = ask(command);
        bell.cancel(false);
        // The bell may have rung just after the answer.
        if (outcome instanceof Outcome.Done && bell.isDone() && !bell.isCancelled()) {
          revive();
        }
        return outcome;
      }
      return ask(command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Outcome ask(String command) throws IOException {
    try {
      commands.write(command + "\n");
      commands.flush();
    } catch (IOException e) {
      return revive();
    }
    for (String line = read(); line != null; line = read()) {
      if (!line.startsWith(WorkerMain.SAYS)) {
        continue;
      }
      String[] words = line.substring(WorkerMain.SAYS.length()).split(" ", 4);
      switch (words[0]) {
        case "ready" -> {}
        case "at" -> process.destroyForcibly();
        case "ok" -> {
          return new Outcome.Done(line.substring(3 + WorkerMain.SAYS.length()).trim());
        }
        case "failed" -> {
          return new Outcome.Failed(
              Integer.parseInt(words[1]), words[2].equals("storage"), words[3]);
        }
        default -> throw new IllegalStateException(line);
      }
    }
    return revive();
  }

  /** The next line; null where the process has ended, by which its stream may be closed. */
  private String read() {
    try {
      return answers.readLine();
    } catch (IOException e) {
      return null;
    }
  }

  private Outcome revive() {
    process.destroyForcibly();
    process.onExit().join();
    launch();
    return new Outcome.Killed();
  }

  private void launch() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(given -> given.startsWith("--add-opens") || given.startsWith("-Dlog4j2."))
        .forEach(command::add);
    command.addAll(QUICK);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(WorkerMain.class.getName());
    command.addAll(
        List.of(
            folder.resolve("lake").toString(),
            database.jdbcUrl(),
            database.user(),
            database.password()));
    try {
      process =
          new ProcessBuilder(command)
              .redirectError(
                  ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
