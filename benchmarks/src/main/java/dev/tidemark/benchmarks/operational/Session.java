package dev.tidemark.benchmarks.operational;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidemark.benchmarks.load.Clients;
import dev.tidemark.migrator.postgres.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * One client: a connection in its operation's role, which tells the database its tenant and asks in
 * one round trip, and commits in a second one, as a service behind a pool does.
 */
final class Session implements Clients.Client {
  private static final String SET_TENANT = "SELECT set_config('app.organization_id', ?, true);\n";

  private final Connection connection;
  private final Operation operation;
  private final Scale scale;
  private final RandomGenerator random;
  private final PreparedStatement statement;

  Session(Database superuser, Operation operation, Scale scale, long seed) throws SQLException {
    this.operation = operation;
    this.scale = scale;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.connection = superuser.connect();
    try (Statement setting = connection.createStatement()) {
      setting.execute("SET ROLE " + operation.role());
    }
    connection.setAutoCommit(false);
    this.statement =
        connection.prepareStatement(
            SET_TENANT + OperationalData.resource(operation.resource() + ".sql"));
  }

  @Override
  public void repeat(long repetition) throws SQLException {
    bind(statement, 1);
    statement.execute();
    int rows = 0;
    while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
      if (statement.getUpdateCount() < 0) {
        try (ResultSet results = statement.getResultSet()) {
          while (results.next()) {
            rows++;
          }
        }
      } else {
        rows += statement.getUpdateCount();
      }
    }
    connection.commit();
    if (rows == 0 && operation.alwaysFinds()) {
      throw new IllegalStateException(
          operation.name() + " found nothing, so that it measures nothing");
    }
  }

  /** Which partitions an execution really looks into; what it writes is rolled back. */
  Set<String> partitionsTouched() throws SQLException {
    Set<String> partitions = new HashSet<>();
    try (Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery(OperationalData.resource("partitions.sql"))) {
      while (rows.next()) {
        partitions.add(rows.getString(1));
      }
    }
    String sql = OperationalData.resource(operation.resource() + ".sql");
    try (PreparedStatement explain =
        connection.prepareStatement(
            SET_TENANT + "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + sql)) {
      bind(explain, 1);
      explain.execute();
      explain.getMoreResults();
      try (ResultSet rows = explain.getResultSet()) {
        rows.next();
        Config plans = ConfigFactory.parseString("plans = " + rows.getString(1));
        Set<String> touched = new HashSet<>();
        plans.getConfigList("plans").forEach(plan -> collect(plan.getConfig("Plan"), touched));
        touched.retainAll(partitions);
        return touched;
      }
    } finally {
      connection.rollback();
    }
  }

  private static void collect(Config node, Set<String> touched) {
    if (node.hasPath("\"Relation Name\"") && node.getDouble("\"Actual Loops\"") > 0) {
      touched.add(node.getString("\"Relation Name\""));
    }
    if (node.hasPath("Plans")) {
      node.getConfigList("Plans").forEach(child -> collect(child, touched));
    }
  }

  private void bind(PreparedStatement target, int first) throws SQLException {
    long organization = operation.tenant().organization(scale, random.nextLong());
    target.setString(first, Identifiers.ORGANIZATION.of(organization).toString());
    operation.values().set(target, first + 1, scale, organization, random.nextLong());
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
