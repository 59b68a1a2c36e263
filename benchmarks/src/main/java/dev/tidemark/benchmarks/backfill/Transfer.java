package dev.tidemark.benchmarks.backfill;

import dev.tidemark.benchmarks.load.Clients;
import dev.tidemark.migrator.postgres.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The transaction of pgbench, which is TPC-B's: three rows updated, one read, one inserted, each by
 * a statement of its own, committed to the disk.
 */
final class Transfer implements Clients.Client {
  private static final int BRANCHES = 100;
  private static final int TELLERS = 1_000;
  private static final int ACCOUNTS = 1_000_000;

  private final Connection connection;
  private final RandomGenerator random;
  private final PreparedStatement account;
  private final PreparedStatement balance;
  private final PreparedStatement teller;
  private final PreparedStatement branch;
  private final PreparedStatement history;

  Transfer(Database database, long seed) throws SQLException {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    connection = database.connect();
    connection.setAutoCommit(false);
    account =
        connection.prepareStatement(
            "UPDATE bench.accounts SET balance = balance + ? WHERE account = ?");
    balance = connection.prepareStatement("SELECT balance FROM bench.accounts WHERE account = ?");
    teller =
        connection.prepareStatement(
            "UPDATE bench.tellers SET balance = balance + ? WHERE teller = ?");
    branch =
        connection.prepareStatement(
            "UPDATE bench.branches SET balance = balance + ? WHERE branch = ?");
    history =
        connection.prepareStatement(
            "INSERT INTO bench.history (teller, branch, account, delta, at) VALUES (?, ?, ?, ?, now())");
  }

  @Override
  public void repeat(long repetition) throws SQLException {
    int accountNumber = 1 + random.nextInt(ACCOUNTS);
    int tellerNumber = 1 + random.nextInt(TELLERS);
    int branchNumber = 1 + random.nextInt(BRANCHES);
    int delta = random.nextInt(-5000, 5001);
    execute(account, delta, accountNumber);
    execute(balance, accountNumber);
    execute(teller, delta, tellerNumber);
    execute(branch, delta, branchNumber);
    execute(history, tellerNumber, branchNumber, accountNumber, delta);
    connection.commit();
  }

  private static void execute(PreparedStatement statement, int... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setInt(i + 1, values[i]);
    }
    statement.execute();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
