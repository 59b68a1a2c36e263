package dev.tidemark.migrator.testing;

import java.nio.file.Path;

/** Where tests keep Postgres's programs, so that they are unpacked once and not in every run. */
public final class PostgresPrograms {
  private PostgresPrograms() {}

  /** The folder that {@code LocalServer} may unpack into and find them again. */
  public static Path folder() {
    return Path.of(
        System.getProperty("java.io.tmpdir"),
        "tidemark-postgres-programs-" + System.getProperty("user.name"));
  }
}
