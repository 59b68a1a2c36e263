package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.postgres.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Commands on a database, with change sets and a configuration in a folder. */
final class CommandTrial {
  private final Path folder;
  private final Database database;
  private final Database shadowServer;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /**
   * A trial without change sets; {@link #configure} comes before the first command.
   *
   * @param shadowServer where throw-away databases are made
   */
  CommandTrial(Path folder, Database database, Database shadowServer) {
    this.folder = folder;
    this.database = database;
    this.shadowServer = shadowServer;
  }

  /**
   * Writes a change set, or writes it anew.
   *
   * @param conf what its changeset.conf says beside title, author and risk
   */
  void changeSet(String name, String apply, String rollback, String conf) throws IOException {
    Path changeSet = Files.createDirectories(folder.resolve("sets").resolve(name));
    Files.writeString(changeSet.resolve("apply.sql"), apply);
    Files.writeString(changeSet.resolve("rollback.sql"), rollback);
    Files.writeString(changeSet.resolve("verify.sql"), "SELECT true");
    Files.writeString(
        changeSet.resolve("changeset.conf"),
        "title = t, author = a, risk = low, risk-assessment = none\n" + conf);
  }

  /** Writes the configuration, or writes it anew, with more of it in HOCON. */
  void configure(String more) throws IOException {
    Files.writeString(
        folder.resolve("my.conf"),
        """
        home = "%s"
        migrate.change-sets = "%s"
        migrate.shadow-url = "%s"
        database.url = "%s"
        %s
        """
            .formatted(
                folder.resolve("home"),
                folder.resolve("sets"),
                shadowServer.completeJdbcUrl(),
                database.completeJdbcUrl(),
                more));
  }

  /** Runs {@code tidemark migrate} with arguments and tells its exit code. */
  int migrate(String... arguments) {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    return TidemarkMigrate.run(
        console,
        Stream.of(
                Stream.of("migrate"),
                Stream.of(arguments),
                Stream.of("--config", folder.resolve("my.conf").toString()))
            .flatMap(part -> part)
            .toArray(String[]::new));
  }

  /** What the last command printed as its result. */
  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What the last command told beside it. */
  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
