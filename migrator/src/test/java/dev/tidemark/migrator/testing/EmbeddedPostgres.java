package dev.tidemark.migrator.testing;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.LocalServer;
import dev.tidemark.migrator.postgres.LocalServer.StopMode;
import java.nio.file.Path;

/** The programs of the class path, run in a temporary folder without any care for durability. */
final class EmbeddedPostgres implements PostgresProvider {
  private final LocalServer server;

  EmbeddedPostgres() {
    Path folder = TestServers.newFolder();
    server = TestServers.server(folder, TestServers.CARELESS);
    server.start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.stop(StopMode.IMMEDIATE);
                  TestServers.delete(folder);
                }));
    String found = TestServers.majorVersion(server.database());
    if (!found.equals(PostgresProvider.version())) {
      throw new IllegalStateException(
          "The class path has Postgres "
              + found
              + ", but tidemark.test.postgres.version is "
              + PostgresProvider.version()
              + ": give the property to Maven, which chooses the programs by it");
    }
  }

  @Override
  public String absence() {
    return null;
  }

  @Override
  public Database database() {
    return server.database();
  }
}
