package dev.tidemark.migrator.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.trace.TableSizes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Why apply need not look at the change sets that the program brings along. */
class BuiltInChangeSetsIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @Test
  void lintFindsNoErrorInThem() {
    List<ChangeSet> changeSets = Migrator.changeSets(Settings.parse(""));
    Linter linter = new Linter(LintSettings.of(Settings.parse("")), Map.of());

    List<LintResult> results =
        linter.changeSets(
            POSTGRES.newDatabase(),
            List.of(),
            changeSets,
            TableSizes.UNKNOWN,
            failure -> {
              throw failure;
            });

    assertThat(results).hasSize(2 * changeSets.size());
    assertThat(results).flatExtracting(LintResult::errors).isEmpty();
  }
}
