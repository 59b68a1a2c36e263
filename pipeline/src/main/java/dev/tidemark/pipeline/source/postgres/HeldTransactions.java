package dev.tidemark.pipeline.source.postgres;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.failure.PipelineWarning;
import dev.tidemark.pipeline.source.SourceProgress;
import dev.tidemark.pipeline.source.SourceProgress.SnapshotLanding;
import dev.tidemark.pipeline.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds who holds a bound of the watermark that has not moved for long (EX-1): transactions in any
 * database of the server, prepared ones included.
 *
 * <p>Since when a session's transaction is open, Postgres shows to few roles. To others the
 * snapshots of earlier landings tell: what was in progress in one of them is at least as old.
 */
final class HeldTransactions {
  private static final SqlResource HELD =
      SqlResource.of(HeldTransactions.class, "held-transactions.sql");
  private static final SqlResource OLD_TOKENS =
      SqlResource.of(HeldTransactions.class, "old-tokens.sql");

  private HeldTransactions() {}

  /**
   * Looks for them.
   *
   * @param connection to the server
   * @param progress what the lake knows of the source
   * @param longest a transaction that has been open for longer is held; zero for none
   */
  static List<PipelineWarning> find(
      Connection connection, SourceProgress progress, Duration longest) throws SQLException {
    if (longest.isZero()) {
      return List.of();
    }
    List<PipelineWarning> held = new ArrayList<>();
    Optional<OldSnapshot> old = Optional.empty();
    boolean asked = false;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(HELD.text())) {
      while (rows.next()) {
        Timestamp since = rows.getTimestamp(2);
        if (since != null) {
          Instant before = rows.getTimestamp(5).toInstant().minus(longest);
          if (since.toInstant().isBefore(before)) {
            held.add(warning(rows, since.toInstant(), false));
          }
          continue;
        }
        if (!asked) {
          old = oldSnapshot(connection, progress, longest);
          asked = true;
        }
        long transaction = rows.getLong(1);
        if (old.filter(snapshot -> snapshot.wasOpen(transaction)).isPresent()) {
          held.add(warning(rows, old.get().takenAt(), true));
        }
      }
    }
    return held;
  }

  private static PipelineWarning warning(ResultSet row, Instant since, boolean atLeast)
      throws SQLException {
    return PipelineFailures.transactionHeld(row.getString(3), since, atLeast, row.getString(4));
  }

  /**
   * A snapshot of a landing.
   *
   * @param snapshot what it showed
   * @param takenAt when it was taken, at the latest
   */
  record OldSnapshot(PostgresSnapshot snapshot, Instant takenAt) {
    /**
     * Whether a transaction that is open now was in progress then.
     *
     * @param transaction its number without the epoch, as Postgres shows it for sessions
     */
    boolean wasOpen(long transaction) {
      return snapshot.inProgress().stream().anyMatch(open -> (open & 0xFFFFFFFFL) == transaction);
    }
  }

  /** The newest snapshot of a landing that is old enough. */
  private static Optional<OldSnapshot> oldSnapshot(
      Connection connection, SourceProgress progress, Duration longest) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(OLD_TOKENS.text())) {
      query.setString(1, progress.landedTableId());
      query.setDouble(2, longest.toMillis() / 1_000.0);
      try (ResultSet token = query.executeQuery()) {
        while (token.next()) {
          for (SnapshotLanding landing : progress.landings()) {
            if (token.getString(1).equals(landing.input().token())) {
              return Optional.of(
                  new OldSnapshot(
                      PostgresSnapshot.parse(landing.input().snapshot()),
                      token.getTimestamp(2).toInstant()));
            }
          }
        }
        return Optional.empty();
      }
    }
  }
}
