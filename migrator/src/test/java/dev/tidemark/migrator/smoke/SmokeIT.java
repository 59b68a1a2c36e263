package dev.tidemark.migrator.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import dev.tidemark.migrator.operation.OperationObserver;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SmokeIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path folder;

  @Test
  void theChangeSetsOfTheProgramPass() {
    SmokeResult result = Smoke.run(config(""), OperationObserver.NONE);

    assertThat(result.trials()).isNotEmpty().allMatch(trial -> trial.differences().isEmpty());
    assertThat(result.passed()).isTrue();
    assertThat(result.tablesWithRows()).isPositive();
  }

  @Test
  void aRollbackThatLeavesSomethingIsFound() throws IOException {
    changeSet("202601010001_one", "CREATE TABLE one (id int PRIMARY KEY)", "DROP TABLE one", "one");
    changeSet(
        "202601010002_two",
        "ALTER TABLE one ADD name text; CREATE INDEX one_name ON one (name)",
        "DROP INDEX one_name; ALTER TABLE one ALTER id TYPE bigint; ALTER TABLE one DROP name",
        "one");

    SmokeResult result = Smoke.run(ownConfig(), OperationObserver.NONE);

    assertThat(result.passed()).isFalse();
    assertThat(result.trials().get(0).differences()).isEmpty();
    assertThat(result.trials().get(1).differences())
        .anyMatch(text -> text.startsWith("after the rollback: ") && text.contains("one.id"));
  }

  @Test
  void rowsOfATableThatIsNotNamedMustNotChange() throws IOException {
    changeSet(
        "202601010001_one",
        "CREATE TABLE one (id int PRIMARY KEY); CREATE TABLE two (id int PRIMARY KEY)",
        "DROP TABLE one; DROP TABLE two",
        "one, two");
    changeSet("202601010002_two", "UPDATE two SET id = id + 100", "SELECT 1", "one");
    changeSet("202601010003_three", "UPDATE two SET id = id + 100", "SELECT 1", "two");

    SmokeResult result = Smoke.run(ownConfig(), OperationObserver.NONE);

    assertThat(result.trials().get(1).differences())
        .containsExactly("rows of public.two changed, which it does not name in touches");
    assertThat(result.trials().get(2).differences()).isEmpty();
  }

  @Test
  void howLongAWriterStoodStillIsMeasured() throws IOException {
    changeSet("202601010001_one", "CREATE TABLE one (id int PRIMARY KEY)", "DROP TABLE one", "one");
    changeSet(
        "202601010002_two",
        "SELECT 1",
        "LOCK TABLE one IN SHARE MODE; SELECT pg_sleep(0.7)",
        "one");

    SmokeResult result = Smoke.run(ownConfig(), OperationObserver.NONE);

    assertThat(result.trials().get(1).longestStallMillis()).isBetween(600L, 10_000L);
  }

  private Config ownConfig() {
    return config("migrate.change-sets = \"" + folder + "\"");
  }

  private static Config config(String hocon) {
    return Settings.parse(
        "migrate.shadow-url = \"%s\"\n%s".formatted(POSTGRES.server().completeJdbcUrl(), hocon));
  }

  private void changeSet(String name, String apply, String rollback, String touches)
      throws IOException {
    Path set = Files.createDirectories(folder.resolve(name));
    Files.writeString(set.resolve("apply.sql"), apply);
    Files.writeString(set.resolve("rollback.sql"), rollback);
    Files.writeString(set.resolve("verify.sql"), "SELECT true");
    Files.writeString(
        set.resolve("changeset.conf"),
        "title=t, author=a, risk=low, risk-assessment=none, phase=expand, touches=[%s]"
            .formatted(touches));
  }
}
