package dev.tidemark.migrator.testing;

import dev.tidemark.migrator.postgres.Database;

/** Where the Postgres of the tests comes from: one server for the whole JVM. */
interface PostgresProvider {
  /** What is used where no property says otherwise. */
  String DEFAULT_VERSION = "18";

  /** Why there is no server; null if there is one. */
  String absence();

  /** A database of the server whose user may create more of them. */
  Database database();

  /** The provider that {@code tidemark.test.postgres} names; started on first use. */
  static PostgresProvider ofThisJvm() {
    return Holder.PROVIDER;
  }

  /** The Postgres version that {@code tidemark.test.postgres.version} names. */
  static String version() {
    return System.getProperty("tidemark.test.postgres.version", DEFAULT_VERSION);
  }

  /** Started once. */
  final class Holder {
    private static final PostgresProvider PROVIDER = create();

    private Holder() {}

    private static PostgresProvider create() {
      String name = System.getProperty("tidemark.test.postgres", "embedded");
      if (name.startsWith("jdbc:postgresql:")) {
        return new GivenPostgres(new Database(name, null, null));
      }
      return switch (name) {
        case "embedded" -> new EmbeddedPostgres();
        case "testcontainers" -> ContainerPostgres.start();
        default ->
            throw new IllegalArgumentException(
                "tidemark.test.postgres = \""
                    + name
                    + "\" is none of embedded, testcontainers and a jdbc:postgresql: URL");
      };
    }
  }

  /** A server that somebody else looks after. */
  record GivenPostgres(Database database) implements PostgresProvider {
    @Override
    public String absence() {
      return null;
    }
  }
}
