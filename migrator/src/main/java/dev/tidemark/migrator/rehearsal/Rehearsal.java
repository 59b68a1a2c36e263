package dev.tidemark.migrator.rehearsal;

import com.typesafe.config.Config;
import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.DataStep;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.lint.LintResult;
import dev.tidemark.migrator.lint.LintSettings;
import dev.tidemark.migrator.lint.Linter;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.MigratorSettings;
import dev.tidemark.migrator.operation.Plan;
import dev.tidemark.migrator.operation.RollbackOptions;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.postgres.DatabaseLease;
import dev.tidemark.migrator.postgres.Databases;
import dev.tidemark.migrator.shadow.ShadowDatabase;
import dev.tidemark.migrator.trace.TableSizes;
import dev.tidemark.migrator.trace.Trace;
import dev.tidemark.migrator.trace.Tracer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tries change sets out on a throw-away database. The database that the configuration names is only
 * looked at, in sessions that cannot write.
 */
public final class Rehearsal {
  private final Config config;
  private final Map<String, String> placeholders;
  private final Consumer<String> notice;

  /**
   * A rehearsal as the configuration has it.
   *
   * @param notice is told what a person should know about the result
   */
  public Rehearsal(Config config, Consumer<String> notice) {
    this.config = config;
    this.placeholders = MigratorSettings.of(config).placeholders();
    this.notice = notice;
  }

  /**
   * Judges the pending change sets and their rollbacks, or all of them where the database cannot be
   * reached.
   *
   * @return one result for each script, in the order of execution
   * @throws MigratorException if a statement fails
   */
  public List<LintResult> lint() {
    Target target = target();
    Plan plan = target.plan().orElseGet(() -> new Plan(List.of(), Migrator.changeSets(config)));
    if (plan.steps().isEmpty()) {
      return List.of();
    }
    try (ShadowDatabase shadow = ShadowDatabase.open(config)) {
      return linter()
          .changeSets(
              shadow.database(),
              plan.applied(),
              plan.steps(),
              target.sizes(),
              failure -> {
                throw failure;
              });
    }
  }

  /**
   * Judges scripts as if they were the next change sets.
   *
   * @param given a script that sets the scene first
   * @param files the scripts, in order
   * @return one result for each
   * @throws MigratorException if one cannot be read or a statement fails
   */
  public List<LintResult> lint(Optional<Path> given, List<Path> files) {
    List<Script> scripts = files.stream().map(Rehearsal::script).toList();
    Optional<Script> scene = given.map(Rehearsal::script);
    TableSizes sizes = scene.isPresent() ? TableSizes.UNKNOWN : target().sizes();
    try (ShadowDatabase shadow = ShadowDatabase.open(config)) {
      return linter()
          .scripts(shadow.database(), Migrator.changeSets(config), scene, scripts, sizes);
    }
  }

  /** What apply would do, statement by statement. */
  public DryRunResult apply(ApplyOptions options) {
    return dryRun(migrator -> migrator.plan(options), ChangeSet::apply);
  }

  /** What rollback would do, statement by statement. */
  public DryRunResult rollback(RollbackOptions options) {
    return dryRun(migrator -> migrator.plan(options), ChangeSet::rollback);
  }

  private DryRunResult dryRun(
      Function<Migrator, Plan> planner, Function<ChangeSet, Script> script) {
    Plan plan;
    TableSizes sizes;
    try (DatabaseLease lease = Databases.open(config)) {
      Database target = lease.database().readOnly();
      plan = planner.apply(Migrator.open(target, config));
      sizes = TableSizes.read(target);
    }
    if (plan.steps().isEmpty()) {
      return new DryRunResult(List.of());
    }
    List<DryRunResult.Step> steps = new ArrayList<>();
    DryRun dryRun = new DryRun(sizes);
    try (ShadowDatabase shadow = ShadowDatabase.open(config);
        Tracer tracer = new Tracer(shadow.database(), placeholders)) {
      for (ChangeSet applied : plan.applied()) {
        tracer.prepare(applied.apply(), applied.transactional());
        applied.dataSteps().forEach(step -> tracer.prepare(step.inOneGo(), false));
      }
      for (ChangeSet changeSet : plan.steps()) {
        tracer.makeRows();
        Trace trace = tracer.trace(script.apply(changeSet), changeSet.transactional());
        steps.add(dryRun.step(changeSet, script.apply(changeSet), trace));
        if (script.apply(changeSet) == changeSet.apply()) {
          for (DataStep step : changeSet.dataSteps()) {
            Trace ofStep = tracer.trace(step.inOneGo(), false);
            steps.add(dryRun.step(changeSet, step.script(), ofStep));
          }
        }
      }
    }
    return new DryRunResult(List.copyOf(steps));
  }

  private Linter linter() {
    return new Linter(LintSettings.of(config), placeholders);
  }

  /**
   * What is known of the database that change sets are for.
   *
   * @param plan what is applied and pending; empty if it cannot be reached
   * @param sizes of its tables; unknown for a laptop's own, which tells nothing about production
   */
  private record Target(Optional<Plan> plan, TableSizes sizes) {}

  private Target target() {
    try (DatabaseLease lease = Databases.open(config)) {
      Database database = lease.database().readOnly();
      Plan plan = Migrator.open(database, config).plan(ApplyOptions.all());
      boolean own = Databases.isEmbedded(config);
      return new Target(
          Optional.of(plan), own ? TableSizes.UNKNOWN : TableSizes.read(database).ofWhatIsThere());
    } catch (MigratorException e) {
      if (e.exitCode() != ExitCode.UNREACHABLE) {
        throw e;
      }
      notice.accept(
          "%s: every change set is judged, and every old table taken for a big one."
              .formatted(e.problem()));
      return new Target(Optional.empty(), TableSizes.UNKNOWN);
    }
  }

  private static Script script(Path file) {
    try {
      return Script.of(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw MigratorFailures.unreadableScript(file.toString(), e);
    }
  }
}
