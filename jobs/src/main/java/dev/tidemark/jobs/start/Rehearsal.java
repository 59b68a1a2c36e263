package dev.tidemark.jobs.start;

import com.typesafe.config.ConfigFactory;
import dev.tidemark.jobs.TidemarkJobs;
import dev.tidemark.jobs.sql.TidemarkSql;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Goes once through what commands do with Spark and Delta, so that the launcher can keep the
 * classes which that loads in an archive of the JVM.
 */
public final class Rehearsal {
  private static final List<String> EVENTS =
      List.of("id,at,tokens", "a,2026-01-01 00:00:00Z,1", "b,2026-01-01 01:00:00Z,2");

  private static final List<String> LATE_EVENTS = List.of("id,at,tokens", "c,2026-01-01,3");

  private static final String QUERY =
      "SELECT usage_date, sum(request_count) FROM usage_daily_metrics GROUP BY 1 ORDER BY 1";

  private Rehearsal() {}

  /**
   * Lands files, rolls them up, and asks for the result.
   *
   * @param arguments an empty folder, which is the caller's to remove
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path inbox = Files.createDirectory(folder.resolve("inbox"));
    Path file = folder.resolve("rehearsal.conf");
    Files.writeString(file, configuration(folder, inbox));

    Files.write(inbox.resolve("1.csv"), EVENTS);
    int exit = rollup(file);
    Files.write(inbox.resolve("2.csv"), LATE_EVENTS);
    exit = Math.max(exit, rollup(file));
    System.exit(
        exit != ExitCode.DONE.number()
            ? exit
            : TidemarkSql.run(
                Console.system(), "--config", file.toString(), "--format", "csv", "-e", QUERY));
  }

  private static int rollup(Path configuration) {
    return TidemarkJobs.run(Console.system(), "rollup", "--config", configuration.toString());
  }

  private static String configuration(Path folder, Path inbox) {
    Map<String, Object> source =
        Map.of(
            "type",
            "files",
            "format",
            "csv",
            "path",
            inbox.toString(),
            "options",
            Map.of("header", "true"),
            "columns",
            Map.of("event_id", "id", "occurred_at", "at", "input_tokens", "tokens"));
    return ConfigFactory.parseMap(
            Map.of(
                "home",
                folder.toString(),
                "lake.path",
                folder.resolve("lake").toString(),
                "source",
                source))
        .root()
        .render();
  }
}
