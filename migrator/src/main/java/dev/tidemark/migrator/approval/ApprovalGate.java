package dev.tidemark.migrator.approval;

import com.typesafe.config.Config;
import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.Content;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Stands before apply and rollback: where {@code migrate.approvals.required} says so, a change set
 * is executed only if its author and another person have approved its exact bytes. What the program
 * brings along has no author here: any two people approve it.
 */
public final class ApprovalGate {
  /** Lets everything pass and keeps nothing: for throw-away databases. */
  public static final ApprovalGate OPEN =
      new ApprovalGate(
          new ApprovalSettings(false, Duration.ZERO, Set.of(), false, false),
          false,
          Optional.empty());

  private final ApprovalSettings settings;
  private final boolean authorKnown;
  private final Optional<String> breakGlass;

  private ApprovalGate(
      ApprovalSettings settings, boolean authorKnown, Optional<String> breakGlass) {
    this.settings = settings;
    this.authorKnown = authorKnown;
    this.breakGlass = breakGlass;
  }

  /** A gate as the configuration has it. */
  public static ApprovalGate of(Config config) {
    return new ApprovalGate(
        ApprovalSettings.of(config),
        Settings.optionalText(config, "migrate.change-sets").isPresent(),
        Optional.empty());
  }

  /**
   * The same, which lets pass what is not approved, and leaves a mark of it.
   *
   * @param reason in a person's words
   * @throws dev.tidemark.migrator.failure.MigratorException if that is not allowed here
   */
  public ApprovalGate broken(String reason) {
    if (settings.required() && !settings.breakGlass()) {
      throw MigratorFailures.glassStays();
    }
    return new ApprovalGate(settings, authorKnown, Optional.of(reason));
  }

  /** Why it is broken, in a person's words; empty if it is not. */
  public Optional<String> brokenFor() {
    return breakGlass;
  }

  /** Whether change sets need approval here. */
  public boolean required() {
    return settings.required();
  }

  /**
   * Looks at change sets before the first of them is executed.
   *
   * @param expires whether approvals count for a time only: what was applied with approval may be
   *     rolled back with it at any time
   * @param operation the operation that is about to do it
   * @param actor who is behind it
   * @param notice is told what passes without approval
   * @throws dev.tidemark.migrator.failure.MigratorException naming those that are not approved
   */
  public void check(
      Connection connection,
      List<ChangeSet> changeSets,
      boolean expires,
      UUID operation,
      String actor,
      Consumer<String> notice)
      throws SQLException {
    if (!settings.required()) {
      return;
    }
    Map<String, List<Decision>> decisions = decisions(connection);
    List<ChangeSet> unapproved = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (ChangeSet changeSet : changeSets) {
      ApprovalState state = state(changeSet, expires, decisions);
      if (!state.approved()) {
        unapproved.add(changeSet);
        words.add(words(changeSet, state));
      }
    }
    if (unapproved.isEmpty()) {
      return;
    }
    if (breakGlass.isEmpty()) {
      throw MigratorFailures.notApproved(
          unapproved.get(0).name(), String.join("; ", words), unapproved.get(0).version());
    }
    for (ChangeSet changeSet : unapproved) {
      decide(connection, changeSet, Decision.Kind.OVERRIDDEN, operation, actor, breakGlass);
      notice.accept(changeSet.name() + " goes without approval: " + breakGlass.get());
    }
  }

  /**
   * Writes an approval of a change set's present bytes down, or takes it back.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if that person may not approve, or has
   *     nothing to take back
   */
  public void decide(
      Connection connection,
      ChangeSet changeSet,
      boolean revoke,
      UUID operation,
      String actor,
      Optional<String> reason)
      throws SQLException {
    String identity = Decision.identity(actor);
    if (revoke) {
      boolean approved =
          state(changeSet, false, decisions(connection)).valid().stream()
              .anyMatch(decision -> decision.identity().equals(identity));
      if (!approved) {
        throw MigratorFailures.nothingToRevoke(changeSet.name(), actor);
      }
    } else if (!settings.mayApprove(identity)) {
      throw MigratorFailures.mayNotApprove(changeSet.name(), actor);
    }
    decide(
        connection,
        changeSet,
        revoke ? Decision.Kind.REVOKED : Decision.Kind.APPROVED,
        operation,
        actor,
        reason);
  }

  /** How far each change set is approved for apply, by version. The tables must be there. */
  public Map<String, ApprovalState> states(Connection connection, List<ChangeSet> changeSets)
      throws SQLException {
    Map<String, List<Decision>> decisions = decisions(connection);
    Map<String, ApprovalState> states = new LinkedHashMap<>();
    for (ChangeSet changeSet : changeSets) {
      if (settings.required() || decisions.containsKey(changeSet.version())) {
        states.put(changeSet.version(), state(changeSet, true, decisions));
      }
    }
    return states;
  }

  private ApprovalState state(
      ChangeSet changeSet, boolean expires, Map<String, List<Decision>> decisions) {
    return ApprovalState.of(
        changeSet,
        authorKnown,
        expires,
        settings,
        decisions.getOrDefault(changeSet.version(), List.of()));
  }

  private static String words(ChangeSet changeSet, ApprovalState state) {
    List<String> words = new ArrayList<>();
    state.lacking().forEach(lack -> words.add("there lacks " + lack));
    words.addAll(state.notes());
    return changeSet.name() + ": " + String.join(", ", words);
  }

  private void decide(
      Connection connection,
      ChangeSet changeSet,
      Decision.Kind kind,
      UUID operation,
      String actor,
      Optional<String> reason)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(SqlResource.read(ApprovalGate.class, "decide.sql"))) {
      statement.setObject(1, operation);
      statement.setString(2, changeSet.version());
      statement.setString(3, changeSet.content().checksum());
      statement.setString(4, changeSet.content().manifest());
      statement.setString(5, kind.name().toLowerCase(Locale.ROOT));
      statement.setString(6, actor);
      if (kind == Decision.Kind.APPROVED) {
        statement.setLong(7, settings.expireAfter().toMillis());
      } else {
        statement.setNull(7, Types.BIGINT);
      }
      statement.setString(8, reason.orElse(null));
      statement.executeUpdate();
    }
  }

  /** By the change sets' versions; empty where the tables are older than approvals. */
  private static Map<String, List<Decision>> decisions(Connection connection) throws SQLException {
    Map<String, List<Decision>> decisions = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet there =
          statement.executeQuery("SELECT to_regclass('tidemark.approvals') IS NOT NULL")) {
        there.next();
        if (!there.getBoolean(1)) {
          return decisions;
        }
      }
      try (ResultSet rows =
          statement.executeQuery(SqlResource.read(ApprovalGate.class, "decisions.sql"))) {
        while (rows.next()) {
          decisions
              .computeIfAbsent(rows.getString("change_set"), version -> new ArrayList<>())
              .add(decision(rows));
        }
      }
    }
    return decisions;
  }

  private static Decision decision(ResultSet rows) throws SQLException {
    return new Decision(
        Content.parse(rows.getString("content")),
        Decision.Kind.valueOf(rows.getString("decision").toUpperCase(Locale.ROOT)),
        rows.getString("actor"),
        rows.getString("database_role"),
        rows.getObject("decided_at", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(rows.getObject("expires_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant),
        rows.getBoolean("fresh"),
        Optional.ofNullable(rows.getString("reason")));
  }
}
