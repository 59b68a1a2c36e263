package dev.tidemark.migrator.validation;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.groups.Tuple.tuple;

import com.typesafe.config.Config;
import dev.tidemark.migrator.drift.Difference;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.rule.Finding;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SchemaValidationIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path folder;

  private final Config config = config("");

  @Test
  void whatTheProgramMakesIsValidClassifiedAndWellMade() {
    ValidationResult result = SchemaValidation.validate(POSTGRES.newMigratedDatabase(), config);

    assertThat(result.differences()).isEmpty();
    assertThat(result.findings()).isEmpty();
    assertThat(result.valid()).isTrue();
    assertThat(result.pending()).isZero();
  }

  @Test
  void theProgramsChangeSetsMakeTheSameInTwoGoes() throws Exception {
    Database database = POSTGRES.newDatabase();
    Migrator migrator = Migrator.open(database, config);
    List<Entry> entries = migrator.status().entries();
    migrator.apply(ApplyOptions.to(entries.get(entries.size() - 2).version()));
    migrator.apply(ApplyOptions.all());

    assertThat(SchemaValidation.validate(database, config).differences()).isEmpty();
    // What a verify.sql says holds on: not only until the next change set, or the first event.
    execute(database, "INSERT INTO extraction_tokens (consumer) VALUES ('lake')");
    assertThat(migrator.verify().mismatches()).isEmpty();
  }

  @Test
  void aDatabaseThatIsBehindIsComparedWithWhatItHas() {
    Database database = POSTGRES.newDatabase();
    Migrator migrator = Migrator.open(database, config);
    String first = migrator.status().entries().get(0).version();
    migrator.apply(ApplyOptions.to(first));

    ValidationResult result = SchemaValidation.validate(database, config);

    assertThat(result.version()).contains(first);
    assertThat(result.pending()).isPositive();
    assertThat(result.differences()).isEmpty();
    assertThat(result.findings()).extracting(Finding::rule).doesNotContain("exception.unused");
    assertThat(SchemaValidation.validate(POSTGRES.newDatabase(), config).differences()).isEmpty();
  }

  @Test
  void aTableMadeByHandIsDriftAndJudged() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    execute(
        database,
        "CREATE TABLE note (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),"
            + " organization_id uuid NOT NULL REFERENCES organizations (id), email varchar(99))");

    ValidationResult result = SchemaValidation.validate(database, config);

    assertThat(result.differences())
        .extracting(Difference::message)
        .containsExactly("table note is there, but no change set makes it");
    assertThat(result.findings())
        .filteredOn(finding -> finding.table().equals("note"))
        .extracting(Finding::rule, finding -> finding.column().orElse(""))
        .contains(
            tuple("naming.table-plural", ""),
            tuple("columns.standard", "created_at"),
            tuple("comment.missing", ""),
            tuple("comment.missing", "email"),
            tuple("classification.gap", ""),
            tuple("isolation.no-policy", ""),
            tuple("index.foreign-key", "organization_id"),
            tuple("sensitive.plaintext", "email"));
  }

  @Test
  void aColumnThatNobodyClassifiedIsFound() throws Exception {
    Database database = POSTGRES.newMigratedDatabase();
    execute(
        database,
        "ALTER TABLE models ADD COLUMN nickname varchar(9)",
        "COMMENT ON COLUMN models.nickname IS 'Name among friends'");

    assertThat(SchemaValidation.validate(database, config).findings())
        .extracting(Finding::rule, Finding::message)
        .containsExactly(tuple("classification.gap", "models.nickname is not classified"));
  }

  @Test
  void anEditedChangeSetIsNamed() throws Exception {
    Database database = POSTGRES.newDatabase();
    writeChangeSet("CREATE TABLE one (id int)");
    Config own = config("change-sets = \"%s\"".formatted(folder.resolve("sets")));
    Migrator.open(database, own).apply(ApplyOptions.all());
    assertThat(SchemaValidation.validate(database, own).valid()).isTrue();

    writeChangeSet("CREATE TABLE one (id int, name text)");

    assertThat(SchemaValidation.validate(database, own).differences())
        .extracting(Difference::message)
        .containsExactly(
            "change set 202601010001_one: its state is edited, expected applied",
            "column one.name is missing: text, null");
  }

  @Test
  void exceptionsExcuseWithAReasonAndUnusedOnesAreFound() throws Exception {
    Database database = POSTGRES.newDatabase();
    writeChangeSet("CREATE TABLE one (id int)");
    Path rules = folder.resolve("rules.conf");
    Config own =
        config(
            "change-sets = \"%s\", design-rules = \"%s\"".formatted(folder.resolve("sets"), rules));
    Files.writeString(
        rules,
        """
        exceptions = [
          { rule = naming.table-plural, tables = [one], reason = "a test" }
          { rule = columns.primary-key, tables = [one, two], reason = "a test" }
          { rule = columns.standard, tables = [one], columns = [created_at, updated_at, name], reason = "a test" }
          { rule = comment.missing, tables = [one], columns = [id], reason = "a test" }
        ]
        """);
    Migrator.open(database, own).apply(ApplyOptions.all());

    assertThat(SchemaValidation.validate(database, own).findings())
        .extracting(Finding::rule, Finding::table, finding -> finding.column().orElse(""))
        .containsExactlyInAnyOrder(
            tuple("columns.standard", "one", "deleted_at"),
            tuple("columns.standard", "one", "version"),
            tuple("comment.missing", "one", ""),
            tuple("exception.unused", "two", ""),
            tuple("exception.unused", "one", "name"));

    Files.writeString(rules, "exceptions = [{ rule = no.such, tables = [], reason = x }]");
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> SchemaValidation.validate(database, own))
        .withMessageContaining("TM-MIG-083")
        .withMessageContaining("there is no rule no.such");
  }

  @Test
  void theThrowAwayDatabaseIsGoneAfterwards() throws Exception {
    SchemaValidation.validate(POSTGRES.newMigratedDatabase(), config);

    assertThat(
            column(
                POSTGRES.server(),
                "SELECT datname FROM pg_database WHERE datname LIKE 'tidemark_shadow_%'"))
        .isEmpty();
  }

  @Test
  void withoutAServerForTheThrowAwayDatabaseItSaysSo() {
    Config absent =
        Settings.parse("migrate.shadow-url = \"jdbc:postgresql://127.0.0.1:1/nothing\"");
    Database database = POSTGRES.newMigratedDatabase();

    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> SchemaValidation.validate(database, absent))
        .withMessageContaining("TM-MIG-002");
  }

  private static Config config(String migrate) {
    return Settings.parse(
        "migrate { shadow-url = \"%s\", %s }"
            .formatted(POSTGRES.server().completeJdbcUrl(), migrate));
  }

  private void writeChangeSet(String apply) throws IOException {
    Path changeSet = Files.createDirectories(folder.resolve("sets/202601010001_one"));
    Files.writeString(changeSet.resolve("apply.sql"), apply);
    Files.writeString(changeSet.resolve("rollback.sql"), "DROP TABLE one");
    Files.writeString(changeSet.resolve("verify.sql"), "SELECT true");
    Files.writeString(
        changeSet.resolve("changeset.conf"),
        "title=t, author=a, risk=low, risk-assessment=none, touches=[one], phase=expand");
  }
}
