package dev.tidemark.migrator.lint;

import dev.tidemark.migrator.changeset.ChangeSet.Phase;
import dev.tidemark.migrator.trace.Kind;
import dev.tidemark.migrator.trace.LockMode;
import dev.tidemark.migrator.trace.Snapshot;
import dev.tidemark.migrator.trace.StatementTrace;
import dev.tidemark.migrator.trace.Trace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Lets every rule look at every statement of a trace. */
final class Judge {
  private static final int SHOWN_CHARACTERS = 200;

  /** Hazards that are worse while others wait. */
  private static final Set<Hazard> WAITING =
      Set.of(Hazard.LOCKING, Hazard.REWRITING, Hazard.DESTRUCTIVE, Hazard.DATA_DEPENDENT);

  /** What a rollback is not to blame for: it undoes one change set, in one transaction. */
  private static final Set<String> NOT_OF_ROLLBACKS = Set.of("many-locks", "data-with-schema");

  private Judge() {}

  /**
   * Judges a script as if every old table were big.
   *
   * @param phase of the change set; empty for a plain script
   */
  static LintResult judge(Trace trace, Optional<Phase> phase) {
    return result(trace, findings(trace, Rules.all(), hit -> true, phase));
  }

  /**
   * Judges a rollback as if every old table were big, by what it does to others. That it takes away
   * what its change set has made is what it is for.
   *
   * @param beforeChangeSet the catalogue before the change set was applied
   */
  static LintResult judgeRollback(Trace trace, Snapshot beforeChangeSet) {
    List<Finding> findings =
        findings(
            trace,
            rollbackRules(Hazard.LOCKING, Hazard.REWRITING, Hazard.DATA_DEPENDENT, Hazard.SCRIPT),
            hit -> hit.table() == 0 || beforeChangeSet.hasRelation(hit.table()),
            Optional.empty());
    // Lost is what was there before the change set, not before the rollback.
    findings.addAll(
        findings(
            trace.since(beforeChangeSet),
            rollbackRules(Hazard.DESTRUCTIVE),
            hit -> true,
            Optional.empty()));
    return result(trace, findings);
  }

  private static List<Rule> rollbackRules(Hazard... hazards) {
    return Rules.all().stream()
        .filter(rule -> Set.of(hazards).contains(rule.hazard()))
        .filter(rule -> !NOT_OF_ROLLBACKS.contains(rule.id()))
        .toList();
  }

  private static List<Finding> findings(
      Trace trace, List<Rule> rules, Predicate<Hit> counts, Optional<Phase> phase) {
    List<Finding> findings = new ArrayList<>();
    for (StatementTrace statement : trace.statements()) {
      Step step = new Step(trace, statement);
      for (Rule rule : rules) {
        rule.check()
            .apply(step)
            .filter(counts)
            .map(hit -> finding(trace, rule, hit, phase))
            .forEach(findings::add);
      }
    }
    return findings;
  }

  private static LintResult result(Trace trace, List<Finding> findings) {
    List<Finding> inOrder =
        findings.stream()
            .distinct()
            .sorted(
                Comparator.comparingInt(Finding::line)
                    .thenComparing(Finding::level, Comparator.reverseOrder()))
            .toList();
    LintResult result = Suppressions.of(trace.script()).apply(inOrder);
    return new LintResult(
        result.file(), result.findings(), result.suppressed(), rewrittenTables(trace));
  }

  /**
   * By the names that they had before. What TRUNCATE empties has new files as well, but takes no
   * room.
   */
  private static Set<String> rewrittenTables(Trace trace) {
    Set<String> names = new TreeSet<>();
    for (StatementTrace statement : trace.statements()) {
      Step step = new Step(trace, statement);
      step.changed(Kind.TABLE)
          .map(change -> change.before().identity().id())
          .filter(table -> statement.rewrote(table) && trace.isOld(table))
          .filter(table -> !statement.emptied().contains(table))
          .map(table -> withItsPartitions(trace, statement, table))
          .forEach(table -> names.add(trace.before().relation(table).orElseThrow().name()));
    }
    return Set.copyOf(names);
  }

  /**
   * A partition that is written anew with the whole table stands for that: elsewhere the table may
   * have other partitions.
   */
  private static long withItsPartitions(Trace trace, StatementTrace statement, long table) {
    long parent =
        trace
            .before()
            .find(Kind.TABLE, table)
            .filter(known -> known.is("partition"))
            .map(known -> known.number("parent_table"))
            .orElse(0L);
    boolean whole =
        trace.isOld(parent)
            && statement
                .lock(parent)
                .or(() -> statement.heldLock(parent))
                .filter(LockMode::blocksReads)
                .isPresent();
    return whole ? withItsPartitions(trace, statement, parent) : table;
  }

  private static Finding finding(Trace trace, Rule rule, Hit hit, Optional<Phase> phase) {
    StatementTrace statement = trace.statements().get(hit.number() - 1);
    Step step = new Step(trace, statement);
    Optional<String> table = Optional.of(step.name(hit.table())).filter(name -> !name.isEmpty());
    Optional<LockMode> lock =
        Optional.of(hit.table())
            .filter(step::isOld)
            .flatMap(old -> step.lock(old).or(() -> statement.heldLock(old)));
    String victims =
        lock.filter(mode -> mode.blocksWrites() && WAITING.contains(rule.hazard()))
            .map(
                mode ->
                    " With %s on %s, %s."
                        .formatted(mode.words(), table.orElse("it"), mode.victims()))
            .orElse("");
    String text = statement.statement().text().replaceAll("\\s+", " ");
    return new Finding(
        rule.id(),
        level(rule, phase),
        trace.script().file(),
        statement.statement().line(),
        text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + " …" : text,
        table,
        lock.map(LockMode::words),
        hit.message() + "." + victims,
        rule.remedy(),
        Optional.of(step.name(hit.sizedBy()))
            .filter(name -> rule.sizeMatters() && !name.isEmpty()));
  }

  private static Level level(Rule rule, Optional<Phase> phase) {
    boolean expected = rule.planned() && phase.filter(Phase.CONTRACT::equals).isPresent();
    return expected ? Level.values()[rule.level().ordinal() - 1] : rule.level();
  }
}
