package dev.tidemark.migrator.guard;

import com.typesafe.config.Config;
import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.ChangeSet.Phase;
import dev.tidemark.migrator.changeset.ChangeSet.Risk;
import dev.tidemark.migrator.changeset.ContractTerms;
import dev.tidemark.migrator.changeset.ContractTerms.Answer;
import dev.tidemark.migrator.changeset.ContractTerms.Unused;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.guard.ContractRule.NewShape;
import dev.tidemark.migrator.guard.ContractRule.Obstacle;
import dev.tidemark.migrator.guard.ContractRule.OldShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Everything that stands before an operation which changes a schema. */
public final class Guards {
  /** Nothing stands in the way, for throw-away databases and tests. */
  public static final Guards NONE = new Guards(Optional.empty(), Map.of(), Optional.empty());

  private static final DateTimeFormatter OPENING =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm VV");

  private final Optional<GuardSettings> settings;
  private final Map<String, String> placeholders;
  private final Optional<String> outsideWindow;

  private Guards(
      Optional<GuardSettings> settings,
      Map<String, String> placeholders,
      Optional<String> outsideWindow) {
    this.settings = settings;
    this.placeholders = placeholders;
    this.outsideWindow = outsideWindow;
  }

  /**
   * Guards as the section {@code migrate.guards} has them.
   *
   * @param placeholders values for <code>${name}</code> in queries
   */
  public static Guards of(Config config, Map<String, String> placeholders) {
    return new Guards(
        Optional.of(GuardSettings.of(config)), Map.copyOf(placeholders), Optional.empty());
  }

  /** The same, but the maintenance window need not be open. */
  public Guards outsideWindow(String reason) {
    return new Guards(settings, placeholders, Optional.of(reason));
  }

  /** Why a person passes a guard by, to be kept with the operation. */
  public Optional<String> reason() {
    return outsideWindow.map(words -> "outside the maintenance window: " + words);
  }

  /** Whether checks that do not hold refuse a change set; on a throw-away database they do not. */
  public boolean binding() {
    return settings.isPresent();
  }

  /** The time that an operation has which begins now. */
  public TimeBudget budget() {
    return settings.map(s -> TimeBudget.starting(s.budget())).orElse(TimeBudget.UNLIMITED);
  }

  /**
   * Looks at what is about to be applied.
   *
   * @param connection in autocommit mode, with the migrator's own tables made
   * @param pending what is to be applied, in order
   * @param fresh whether no change set was applied up to now: there are no old programs then
   * @param rewritten the tables that are written anew; empty if nobody looked
   * @param notice is told what could not be looked at
   * @throws MigratorException naming what stands in the way
   */
  public void beforeApply(
      Connection connection,
      List<ChangeSet> pending,
      boolean fresh,
      Optional<Set<String>> rewritten,
      Consumer<String> notice)
      throws SQLException {
    if (settings.isEmpty() || pending.isEmpty()) {
      return;
    }
    Server server = new Server(connection, settings.get(), notice);
    requireOpenWindow(server, pending, "applied");
    if (settings.get().contracts() && !fresh) {
      for (ChangeSet changeSet : pending) {
        if (changeSet.phase() == Phase.CONTRACT) {
          requireTimeForContract(connection, server, changeSet);
        }
      }
    }
    throwIf(server.openTransactions());
    throwIf(server.replicationBehind());
    throwIf(server.diskTooSmall(rewritten));
  }

  /**
   * Looks at what is about to be rolled back. Load is told, not refused: whoever goes back may have
   * no time.
   *
   * @param connection in autocommit mode
   * @param steps what is to be rolled back
   * @param notice is told what would have to wait if it were to be applied
   * @throws MigratorException if the maintenance window is closed
   */
  public void beforeRollback(Connection connection, List<ChangeSet> steps, Consumer<String> notice)
      throws SQLException {
    if (settings.isEmpty() || steps.isEmpty()) {
      return;
    }
    Server server = new Server(connection, settings.get(), notice);
    requireOpenWindow(server, steps, "rolled back");
    server.openTransactions().ifPresent(e -> notice.accept(words(e)));
    server.replicationBehind().ifPresent(e -> notice.accept(words(e)));
  }

  /**
   * Reads the counters of every relation that a contract change set names as unused, and keeps
   * them.
   *
   * @param connection in autocommit mode, with the migrator's own tables made
   * @param waiting change sets that are not applied
   */
  public List<Observation> observe(Connection connection, List<ChangeSet> waiting)
      throws SQLException {
    List<Observation> observations = new ArrayList<>();
    UsageObservations kept = new UsageObservations(connection);
    for (ChangeSet changeSet : waiting) {
      for (Unused relation : unused(changeSet)) {
        UsageObservations.Sighting seen = kept.observe(relation);
        observations.add(
            new Observation(
                changeSet.name(),
                UsageObservations.word(relation.kind()),
                relation.name(),
                seen.counters(),
                seen.unusedSince(),
                seen.unknown()));
      }
    }
    return List.copyOf(observations);
  }

  private static List<Unused> unused(ChangeSet changeSet) {
    return changeSet.contract().stream()
        .flatMap(terms -> terms.evidence().stream())
        .filter(Unused.class::isInstance)
        .map(Unused.class::cast)
        .toList();
  }

  private void requireOpenWindow(Server server, List<ChangeSet> steps, String operation)
      throws SQLException {
    MaintenanceWindow window = settings.orElseThrow().window();
    String risky =
        steps.stream()
            .filter(step -> step.phase() != Phase.EXPAND || step.risk() != Risk.LOW)
            .map(ChangeSet::name)
            .collect(Collectors.joining(", "));
    Instant now = server.now();
    if (!risky.isEmpty() && outsideWindow.isEmpty() && !window.isOpen(now)) {
      ZonedDateTime opens = window.nextOpening(now);
      throw MigratorFailures.outsideWindow(
          operation, risky, window.words(), "at " + OPENING.format(opens));
    }
  }

  private void requireTimeForContract(Connection connection, Server server, ChangeSet changeSet)
      throws SQLException {
    if (changeSet.contract().isEmpty()) {
      throw MigratorFailures.contractRefused(
          changeSet.name(),
          "its changeset.conf does not say which change set made the new shape, and what shows that"
              + " the old one is unused",
          "add contract { of = VERSION, evidence = [...] }; db/README.md explains it");
    }
    ContractTerms terms = changeSet.contract().get();
    List<Obstacle> obstacles = obstacles(connection, server, changeSet, terms);
    if (obstacles.isEmpty()) {
      return;
    }
    String lacking = obstacles.stream().map(Obstacle::words).collect(Collectors.joining("; "));
    throw MigratorFailures.contractRefused(
        changeSet.name(),
        lacking,
        ContractRule.possibleFrom(obstacles)
            .map(
                time ->
                    "apply it from "
                        + Times.words(time)
                        + " on, if `tidemark migrate observe` sees no use until then; --to applies"
                        + " what comes before it")
            .orElse(
                "see to what is lacking; --to applies what comes before it, and db/README.md"
                    + " explains the evidence"));
  }

  private List<Obstacle> obstacles(
      Connection connection, Server server, ChangeSet changeSet, ContractTerms terms)
      throws SQLException {
    Duration after = terms.after().orElse(settings.orElseThrow().contractAfter());
    Duration unusedFor = terms.unusedFor().orElse(after);
    List<OldShape> oldShapes = new ArrayList<>();
    for (Observation seen : observe(connection, List.of(changeSet))) {
      oldShapes.add(
          new OldShape(
              seen.kind() + " " + seen.relation(), seen.unusedSince(), seen.unknown(), unusedFor));
    }
    List<Obstacle> obstacles =
        new ArrayList<>(
            ContractRule.obstacles(
                server.now(),
                new NewShape(terms.of(), server.inPlaceSince(terms.of()), after),
                oldShapes));
    for (ContractTerms.Evidence evidence : terms.evidence()) {
      if (evidence instanceof Answer answer) {
        Question.Answer given =
            Question.ask(
                connection, answer.check(), changeSet.name() + "/changeset.conf", placeholders);
        if (!given.met()) {
          obstacles.add(
              new Obstacle(
                  "\"" + answer.check().name() + "\" does not hold: " + given.found(),
                  Optional.empty()));
        }
      }
    }
    return obstacles;
  }

  private static void throwIf(Optional<MigratorException> refusal) {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }

  private static String words(MigratorException e) {
    return e.code() + ", which a rollback does not wait for: " + e.reason();
  }
}
