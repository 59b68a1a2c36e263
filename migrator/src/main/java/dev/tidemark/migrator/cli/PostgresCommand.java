package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.Databases;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code postgres start|stop|url}: the laptop's Postgres. */
@Command(
    name = "postgres",
    description = "The Postgres that Tidemark brings along, kept in <home>/postgres")
final class PostgresCommand {
  private PostgresCommand() {}

  static CommandLine create(Console console) {
    return new CommandLine(new PostgresCommand())
        .addSubcommand(new Start(console))
        .addSubcommand(new Stop(console))
        .addSubcommand(new Url(console));
  }

  @Command(name = "start", description = "Start it, to stay up until `postgres stop`")
  @Exits(ExitCode.UNREACHABLE)
  private static final class Start implements Callable<Integer> {
    private final Console console;

    private Start(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      Database database = Databases.start(console.config());
      console.show(
          new ServerResult(true, "Postgres is up at " + database.address(), database.psqlUrl()));
      return ExitCode.DONE.number();
    }
  }

  @Command(name = "stop", description = "Stop it, or let the last command that uses it stop it")
  @Exits(ExitCode.UNREACHABLE)
  private static final class Stop implements Callable<Integer> {
    private final Console console;

    private Stop(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      boolean down = Databases.stop(console.config());
      String text =
          down ? "Postgres is down" : "Postgres is in use; the last command that uses it stops it";
      console.show(new ServerResult(!down, text, null));
      return ExitCode.DONE.number();
    }
  }

  @Command(name = "url", description = "Print a URL that psql takes, password included")
  @Exits(ExitCode.UNREACHABLE)
  private static final class Url implements Callable<Integer> {
    private final Console console;

    @Option(names = "--jdbc", description = "a URL that JDBC takes")
    private boolean jdbc;

    private Url(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      Database database = Databases.running(console.config());
      String url = jdbc ? database.completeJdbcUrl() : database.psqlUrl();
      console.show(new ServerResult(true, url, url));
      return ExitCode.DONE.number();
    }
  }

  private record ServerResult(boolean running, String text, String url) implements Result {
    @Override
    public Object json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("running", running);
      json.put("url", url);
      return json;
    }
  }
}
