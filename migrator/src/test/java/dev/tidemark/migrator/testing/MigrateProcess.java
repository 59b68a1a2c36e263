package dev.tidemark.migrator.testing;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import dev.tidemark.migrator.cli.TidemarkMigrate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code tidemark migrate …} in a process of its own, which a test may kill.
 *
 * @param process the process
 * @param out what it writes to standard output
 * @param err what it writes to standard error
 */
public record MigrateProcess(Process process, Path out, Path err) {
  /**
   * Starts it.
   *
   * @param folder for its files
   * @param config what {@code --config} gives; sections of the migrator only
   */
  public static MigrateProcess start(Path folder, Config config, String... arguments)
      throws IOException {
    Path file = folder.resolve("migrate.conf");
    Files.writeString(
        file,
        Stream.of("home", "database", "seed", "secrecy", "migrate", "governor")
            .map(name -> name + " = " + config.getValue(name).render(ConfigRenderOptions.concise()))
            .reduce("", (left, right) -> left + right + "\n"));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                Stream.of(
                        List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            TidemarkMigrate.class.getName(),
                            "migrate"),
                        List.of(arguments),
                        List.of("--config", file.toString()))
                    .flatMap(List::stream)
                    .toList())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new MigrateProcess(process, out, err);
  }

  /** Runs it to its end and gives its exit status. */
  public static int run(Path folder, Config config, String... arguments) throws Exception {
    return start(folder, config, arguments).await();
  }

  /** Waits for its end and gives its exit status. */
  public int await() throws InterruptedException {
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("No end in five minutes");
    }
    return process.exitValue();
  }

  /** SIGKILL: nothing of it runs any more. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
