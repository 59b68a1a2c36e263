package dev.tidemark.migrator.lint;

import com.typesafe.config.Config;
import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.shadow.ShadowDatabase;
import dev.tidemark.migrator.trace.TableSizes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Stands before apply: what lint finds an error in is refused, or told, as {@code migrate.lint}
 * says. A result is kept in the database, so that a change set is traced once.
 */
public final class LintGate {
  /** Lets everything pass. */
  public static final LintGate OPEN = new LintGate(Optional.empty(), Map.of());

  private final Optional<Config> config;
  private final Map<String, String> placeholders;

  private LintGate(Optional<Config> config, Map<String, String> placeholders) {
    this.config = config;
    this.placeholders = placeholders;
  }

  /**
   * A gate for change sets of the user's own. Those that the program brings along were judged when
   * it was built: they need none.
   *
   * @param placeholders values for <code>${name}</code> in scripts
   */
  public static LintGate of(Config config, Map<String, String> placeholders) {
    return new LintGate(Optional.of(config), Map.copyOf(placeholders));
  }

  /**
   * Looks at change sets before the first of them is applied.
   *
   * @param target where they are to be applied; its sizes of tables count
   * @param connection to it, in autocommit mode, with the migrator's own tables made
   * @param earlier change sets that are applied, in order
   * @param pending those to look at, in order
   * @param notice is told what is found and not refused
   * @return the tables that are written anew; empty if nobody looked
   * @throws MigratorException naming the first change set with an error
   */
  public Optional<Set<String>> check(
      Database target,
      Connection connection,
      List<ChangeSet> earlier,
      List<ChangeSet> pending,
      Consumer<String> notice)
      throws SQLException {
    if (config.isEmpty() || pending.isEmpty()) {
      return Optional.empty();
    }
    LintSettings settings = LintSettings.of(config.get());
    if (settings.mode() == LintSettings.Mode.OFF) {
      return Optional.empty();
    }
    TableSizes sizes = TableSizes.read(target);
    List<LintResult> results = results(settings, connection, earlier, pending, notice);
    for (ChangeSet changeSet : pending) {
      String findings =
          results.stream()
              .filter(result -> scripts(changeSet).contains(result.file()))
              .flatMap(result -> settings.weigh(result, sizes).errors().stream())
              .map(LintGate::words)
              .collect(Collectors.joining("; "));
      if (findings.isEmpty()) {
        continue;
      }
      if (settings.mode() == LintSettings.Mode.REFUSE) {
        throw MigratorFailures.lintRefused(changeSet.name(), findings);
      }
      notice.accept(changeSet.name() + ": " + findings);
    }
    Set<String> forward =
        pending.stream().map(changeSet -> changeSet.apply().file()).collect(Collectors.toSet());
    List<LintResult> applies =
        results.stream().filter(result -> forward.contains(result.file())).toList();
    return applies.size() < pending.size()
        ? Optional.empty()
        : Optional.of(
            applies.stream()
                .flatMap(result -> result.rewritten().stream())
                .collect(Collectors.toUnmodifiableSet()));
  }

  private static List<String> scripts(ChangeSet changeSet) {
    return List.of(changeSet.apply().file(), changeSet.rollback().file());
  }

  /** One result for each script, as if every table were big. */
  private List<LintResult> results(
      LintSettings settings,
      Connection connection,
      List<ChangeSet> earlier,
      List<ChangeSet> pending,
      Consumer<String> notice)
      throws SQLException {
    List<ChangeSet> all = new ArrayList<>(earlier);
    all.addAll(pending);
    Map<String, String> checksums = LintResults.checksums(all, placeholders);
    LintResults kept = new LintResults(connection);
    List<LintResult> found = new ArrayList<>();
    for (ChangeSet changeSet : pending) {
      for (String file : scripts(changeSet)) {
        kept.find(file, checksums.get(file)).ifPresent(found::add);
      }
    }
    if (found.size() == 2 * pending.size()) {
      return found;
    }
    try (ShadowDatabase shadow = ShadowDatabase.open(config.orElseThrow())) {
      List<LintResult> judged =
          new Linter(settings, placeholders)
              .changeSets(
                  shadow.database(),
                  earlier,
                  pending,
                  TableSizes.UNKNOWN,
                  failure -> notice.accept("Lint has not judged every rollback: " + told(failure)));
      for (LintResult result : judged) {
        kept.keep(checksums.get(result.file()), result);
      }
      return judged;
    } catch (MigratorException e) {
      if (!e.code().equals(MigratorFailures.TRACE_FAILED)) {
        throw e;
      }
      // It is about to fail on the target as well, which tells more about it.
      notice.accept("Lint has not judged the change sets: " + told(e));
      return List.of();
    }
  }

  private static String told(MigratorException failure) {
    return failure.problem() + ": " + failure.reason();
  }

  private static String words(Finding finding) {
    String script = finding.file().replaceFirst(".*/", "");
    return "%s line %d [%s] %s"
        .formatted(script, finding.line(), finding.rule(), finding.message());
  }
}
