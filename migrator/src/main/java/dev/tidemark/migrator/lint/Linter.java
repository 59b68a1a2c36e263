package dev.tidemark.migrator.lint;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.trace.TableSizes;
import dev.tidemark.migrator.trace.Trace;
import dev.tidemark.migrator.trace.Tracer;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Judges change sets and scripts by what they do on a throw-away database. */
public final class Linter {
  private final LintSettings settings;
  private final Map<String, String> placeholders;

  /**
   * A linter.
   *
   * @param placeholders values for <code>${name}</code> in scripts
   */
  public Linter(LintSettings settings, Map<String, String> placeholders) {
    this.settings = settings;
    this.placeholders = Map.copyOf(placeholders);
  }

  /**
   * Judges change sets, each after those before it, and then their rollbacks, the youngest first.
   *
   * @param throwAway an empty database of which nothing is kept
   * @param earlier change sets that make the schema so far
   * @param pending those to judge, in order
   * @param sizes of the tables that they will meet
   * @param rollbackFailed is told if a statement of a rollback.sql fails; it and those of older
   *     change sets have no result then
   * @return one result for each apply.sql, in order, and after all of them one for each
   *     rollback.sql, in the order of execution
   * @throws MigratorException if a statement of an apply.sql fails
   */
  public List<LintResult> changeSets(
      Database throwAway,
      List<ChangeSet> earlier,
      List<ChangeSet> pending,
      TableSizes sizes,
      Consumer<MigratorException> rollbackFailed) {
    try (Tracer tracer = new Tracer(throwAway, placeholders)) {
      earlier.forEach(changeSet -> prepare(tracer, changeSet));
      List<LintResult> results = new ArrayList<>();
      Deque<Trace> applied = new ArrayDeque<>();
      for (ChangeSet changeSet : pending) {
        tracer.makeRows();
        Trace trace = tracer.trace(changeSet.apply(), changeSet.transactional());
        results.add(settings.weigh(Judge.judge(trace, Optional.of(changeSet.phase())), sizes));
        changeSet.dataSteps().forEach(step -> tracer.prepare(step.inOneGo(), false));
        applied.push(trace);
      }
      try {
        for (int i = pending.size() - 1; i >= 0; i--) {
          tracer.makeRows();
          Trace trace = rollback(tracer, pending.get(i));
          results.add(settings.weigh(Judge.judgeRollback(trace, applied.pop().before()), sizes));
        }
      } catch (MigratorException e) {
        if (!e.code().equals(MigratorFailures.TRACE_FAILED)) {
          throw e;
        }
        rollbackFailed.accept(e);
      }
      return List.copyOf(results);
    }
  }

  /** As rollback does it: in one transaction wherever Postgres allows. */
  private static Trace rollback(Tracer tracer, ChangeSet changeSet) {
    return changeSet.transactional()
        ? tracer.trace(changeSet.rollback(), true)
        : tracer.trace(changeSet.rollback());
  }

  /**
   * Judges scripts as if they were the next change sets. A scene that makes what change sets make
   * already stands for itself: the schema so far is left out then.
   *
   * @param throwAway an empty database of which nothing is kept
   * @param earlier change sets that make the schema so far
   * @param given a script that sets the scene
   * @param scripts those to judge, in order
   * @param sizes of the tables that they will meet
   * @return one result for each
   * @throws MigratorException if a statement fails
   */
  public List<LintResult> scripts(
      Database throwAway,
      List<ChangeSet> earlier,
      Optional<Script> given,
      List<Script> scripts,
      TableSizes sizes) {
    try (Tracer tracer = new Tracer(throwAway, placeholders)) {
      earlier.forEach(changeSet -> prepare(tracer, changeSet));
      given.ifPresent(scene -> set(tracer, scene));
      List<LintResult> results = new ArrayList<>();
      for (Script script : scripts) {
        tracer.makeRows();
        results.add(settings.weigh(Judge.judge(tracer.trace(script), Optional.empty()), sizes));
      }
      return List.copyOf(results);
    }
  }

  /** Data steps are done at once: what is dangerous in that, their batches take away. */
  private static void prepare(Tracer tracer, ChangeSet changeSet) {
    tracer.prepare(changeSet.apply(), changeSet.transactional());
    changeSet.dataSteps().forEach(step -> tracer.prepare(step.inOneGo(), false));
  }

  private static void set(Tracer tracer, Script scene) {
    try {
      tracer.prepare(scene, false);
    } catch (MigratorException e) {
      if (!isAboutDuplicates(e)) {
        throw e;
      }
      tracer.clear();
      tracer.prepare(scene, false);
    }
  }

  /** duplicate_table, duplicate_object, duplicate_schema, duplicate_function, duplicate_column. */
  private static boolean isAboutDuplicates(MigratorException e) {
    return e.getCause() instanceof SQLException cause
        && List.of("42P07", "42710", "42P06", "42723", "42701")
            .contains(String.valueOf(cause.getSQLState()));
  }
}
