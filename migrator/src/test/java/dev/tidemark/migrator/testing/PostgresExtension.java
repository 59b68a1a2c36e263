package dev.tidemark.migrator.testing;

import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives tests their Postgres: {@code @RegisterExtension static final PostgresExtension POSTGRES =
 * new PostgresExtension();}. One server serves all test classes of a JVM; its user is an ordinary
 * role that owns its databases. Databases vanish after the class that made them.
 *
 * <p>The system property {@code tidemark.test.postgres} names the server: {@code embedded} (the
 * default), {@code testcontainers} (tests are skipped where no Docker answers), or a {@code
 * jdbc:postgresql:} URL whose user may create databases. {@code tidemark.test.postgres.version}
 * chooses 15, 16, 17 or 18 for the first two.
 */
public final class PostgresExtension implements ExecutionCondition, AfterAllCallback {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String PREFIX = "tidemark_test_" + ProcessHandle.current().pid() + "_";

  private static Database template;

  private final List<Database> databases = new ArrayList<>();

  /** Skips the class, with the reason, where the wanted server is not to be had. */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    String absence = PostgresProvider.ofThisJvm().absence();
    return absence == null
        ? ConditionEvaluationResult.enabled("There is a Postgres")
        : ConditionEvaluationResult.disabled("No Postgres: " + absence);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    databases.forEach(PostgresExtension::drop);
    databases.clear();
  }

  /** A new, empty database. */
  public Database newDatabase() {
    return remembered(create("template0"));
  }

  /** A new database with every operational change set applied, copied from one made before. */
  public Database newMigratedDatabase() {
    return remembered(create(name(template())));
  }

  /** A new database with everything that is in another one, which nobody is connected to. */
  public Database copyOf(Database original) {
    return remembered(create(name(original)));
  }

  /** The database that others are created from; its user may create and drop databases. */
  public Database server() {
    return PostgresProvider.ofThisJvm().database();
  }

  private synchronized Database remembered(Database database) {
    databases.add(database);
    return database;
  }

  private static synchronized Database template() {
    if (template == null) {
      Database made = create("template0");
      Migrator.open(made, Settings.parse("")).apply(ApplyOptions.all());
      template = made;
      Runtime.getRuntime().addShutdownHook(new Thread(PostgresExtension::forgetTemplate));
    }
    return template;
  }

  /** Where the server stays, its template must go. */
  private static void forgetTemplate() {
    if (PostgresProvider.ofThisJvm() instanceof PostgresProvider.GivenPostgres) {
      drop(template);
    }
  }

  private static Database create(String from) {
    String name = PREFIX + COUNT.incrementAndGet();
    execute("CREATE DATABASE " + name + " TEMPLATE " + from);
    return PostgresProvider.ofThisJvm().database().named(name);
  }

  /** Autovacuum may be at work there, which an ordinary role cannot end but can wait for. */
  private static void drop(Database database) {
    String sql = "DROP DATABASE IF EXISTS " + name(database);
    try {
      execute(sql + " WITH (FORCE)");
    } catch (IllegalStateException e) {
      execute(sql);
    }
  }

  private static String name(Database database) {
    return database.address().replaceFirst(".*/", "");
  }

  private static void execute(String sql) {
    try (Connection connection = PostgresProvider.ofThisJvm().database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
