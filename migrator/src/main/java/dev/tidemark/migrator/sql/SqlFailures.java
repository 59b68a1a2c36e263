package dev.tidemark.migrator.sql;

import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.postgres.Database;
import java.sql.SQLException;
import java.util.Set;

/** What an SQLSTATE tells about whose turn it is: the user's, or that of patience. */
public final class SqlFailures {
  /** lock_not_available and deadlock_detected. */
  private static final Set<String> LOCKS = Set.of("55P03", "40P01");

  /** admin_shutdown, crash_shutdown, cannot_connect_now. */
  private static final Set<String> SHUTDOWNS = Set.of("57P01", "57P02", "57P03");

  /** active_sql_transaction and invalid_transaction_termination. */
  private static final Set<String> NO_TRANSACTION = Set.of("25001", "2D000");

  /** undefined_table, _column, _object, _function, invalid_schema_name. */
  private static final Set<String> UNDEFINED = Set.of("42P01", "42703", "42704", "42883", "3F000");

  private static final String QUERY_CANCELED = "57014";

  private SqlFailures() {}

  /** Whether another attempt may succeed once other sessions have let go. */
  public static boolean isAboutLocks(SQLException e) {
    return LOCKS.contains(String.valueOf(e.getSQLState()));
  }

  /** Whether Postgres executes the statement outside of transactions only. */
  public static boolean wantsNoTransaction(SQLException e) {
    return NO_TRANSACTION.contains(String.valueOf(e.getSQLState()));
  }

  /** Whether what the statement is about is not there. */
  public static boolean isAboutAbsence(SQLException e) {
    return UNDEFINED.contains(String.valueOf(e.getSQLState()));
  }

  /** Whether the statement took longer than it may. */
  public static boolean isTimeout(SQLException e) {
    return QUERY_CANCELED.equals(e.getSQLState())
        && String.valueOf(e.getMessage()).contains("statement timeout");
  }

  /** Whether the connection is gone. */
  public static boolean isAboutConnection(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || SHUTDOWNS.contains(state);
  }

  /** The failure of a statement that is the migrator's own. */
  public static MigratorException ofOurs(Database database, SQLException e) {
    return isAboutConnection(e)
        ? MigratorFailures.connectionLost(database.address(), e)
        : MigratorFailures.databaseRefuses(database.address(), e);
  }
}
