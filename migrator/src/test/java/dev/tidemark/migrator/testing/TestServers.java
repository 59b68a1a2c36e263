package dev.tidemark.migrator.testing;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.LocalServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * Servers that a test starts, stops, copies and breaks by itself. They run on the programs of the
 * class path, whatever server the other tests use.
 */
public final class TestServers {
  /** Fast, and worth nothing after a power cut; the machine that runs tests has other cares. */
  public static final Map<String, String> CARELESS =
      Map.of(
          "fsync", "off",
          "full_page_writes", "off",
          "max_connections", "200",
          "max_prepared_transactions", "20");

  private TestServers() {}

  /**
   * A server that is not started yet. Its data lie in {@link LocalServer#dataFolder}, to be copied
   * while it is stopped with {@link #copy}.
   *
   * @param folder the server's own; another server needs another
   * @param settings server parameters by name, such as {@link #CARELESS}
   */
  public static LocalServer server(Path folder, Map<String, String> settings) {
    return new LocalServer(folder, PostgresPrograms.folder(), settings);
  }

  /** A new temporary folder that a server of any user can live in. */
  public static Path newFolder() {
    try {
      return Files.createTempDirectory("tidemark-test-postgres-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Copies the folder of a stopped server with all that is in it, permissions included: a backup,
   * to be restored by copying it back to a folder that is not there.
   */
  public static void copy(Path from, Path to) {
    try {
      Files.walkFileTree(
          from,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                throws IOException {
              Path target = to.resolve(from.relativize(folder));
              Files.createDirectories(target);
              Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(folder));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.copy(
                  file,
                  to.resolve(from.relativize(file)),
                  StandardCopyOption.COPY_ATTRIBUTES,
                  LinkOption.NOFOLLOW_LINKS);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes the folder of a stopped server. */
  public static void delete(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String majorVersion(Database database) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW server_version_num")) {
      rows.next();
      return String.valueOf(rows.getInt(1) / 10_000);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
