package dev.tidemark.migrator.testing;

import dev.tidemark.migrator.postgres.Database;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The official image, where a Docker engine answers. */
record ContainerPostgres(String absence, Database database) implements PostgresProvider {
  static ContainerPostgres start() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return new ContainerPostgres("no Docker engine answers here", null);
    }
    // Testcontainers removes the container when this JVM ends.
    @SuppressWarnings("resource")
    PostgreSQLContainer container =
        new PostgreSQLContainer("postgres:" + PostgresProvider.version())
            .withCommand(
                "postgres",
                "-c",
                "fsync=off",
                "-c",
                "max_connections=200",
                "-c",
                "max_prepared_transactions=20");
    container.start();
    return new ContainerPostgres(
        null,
        new Database(container.getJdbcUrl(), container.getUsername(), container.getPassword()));
  }
}
