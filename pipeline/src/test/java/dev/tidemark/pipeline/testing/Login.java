package dev.tidemark.pipeline.testing;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.Sql;
import java.sql.SQLException;

/**
 * A role that logs in; goes with all its rights when closed.
 *
 * @param database the same one, by this role
 */
public record Login(Database owner, String name, Database database) implements AutoCloseable {
  /** A new role with the rights of another. */
  public static Login of(Database database, String memberOf) throws SQLException {
    String name = "reader_" + database.address().replaceAll(".*/", "");
    Sql.execute(database, "CREATE ROLE %s LOGIN PASSWORD 'x' IN ROLE %s".formatted(name, memberOf));
    return new Login(database, name, new Database(database.jdbcUrl(), name, "x"));
  }

  @Override
  public void close() throws SQLException {
    Sql.execute(owner, "REVOKE ALL ON usage_events FROM " + name, "DROP ROLE " + name);
  }
}
