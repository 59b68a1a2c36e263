package dev.tidemark.migrator.operation;

import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class CommentTagsIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path folder;

  private final Database database = POSTGRES.newDatabase();

  @BeforeEach
  void writeChangeSets() throws IOException {
    new ChangeSetFolder(folder.resolve("sets"))
        .with(
            "202601010001_one",
            "CREATE TABLE one (id int, name text, note text);"
                + " COMMENT ON COLUMN one.id IS U&'It''s \\\\ a \\0024{x} number';"
                + " COMMENT ON COLUMN one.name IS 'Name'",
            "DROP TABLE one")
        .with(
            "202601010002_two",
            "COMMENT ON COLUMN one.name IS 'Name for people'",
            "COMMENT ON COLUMN one.name IS 'Name'");
  }

  @Test
  void tagsStandBehindWhateverTheChangeSetsSay() throws Exception {
    classify("internal = [id, note], personal = [name]");
    migrator().apply(ApplyOptions.to("202601010001"));
    assertThat(comment("id")).isEqualTo("It's \\ a ${x} number [internal]");
    assertThat(comment("name")).isEqualTo("Name [personal]");
    assertThat(comment("note")).isEqualTo("[internal]");

    migrator().apply(ApplyOptions.all());
    assertThat(comment("name")).isEqualTo("Name for people [personal]");

    migrator().rollback(new RollbackOptions.Last(1));
    assertThat(comment("name")).isEqualTo("Name [personal]");
  }

  @Test
  void tagsFollowTheClassification() throws Exception {
    classify("internal = [id, note], personal = [name]");
    migrator().apply(ApplyOptions.all());

    classify("internal = [id], secret = [name]");
    migrator().apply(ApplyOptions.all());

    assertThat(comment("name")).isEqualTo("Name for people [secret]");
    assertThat(comment("note")).isEqualTo("");
  }

  @Test
  void whatIsInStepIsNotWrittenAgain() throws Exception {
    classify("internal = [id, note], personal = [name]");
    migrator().apply(ApplyOptions.all());
    String writer =
        "SELECT xmin FROM pg_description WHERE objoid = 'one'::regclass AND description LIKE 'Name%'";
    String before = value(database, writer);

    migrator().apply(ApplyOptions.all());

    assertThat(value(database, writer)).isEqualTo(before);
  }

  /** Else a schema would depend on whether it was made in one go. */
  @Test
  void aViewThatCopiesCommentsCopiesNoTags() throws Exception {
    classify("internal = [id, note], personal = [name]");
    migrator().apply(ApplyOptions.all());
    new ChangeSetFolder(folder.resolve("sets"))
        .with(
            "202601010003_view",
            "CREATE VIEW first AS SELECT name FROM one; DO $$ BEGIN EXECUTE"
                + " format('COMMENT ON COLUMN first.name IS %L', col_description('one'::regclass, 2));"
                + " END $$",
            "DROP VIEW first");

    migrator().apply(ApplyOptions.all());

    assertThat(value(database, "SELECT col_description('first'::regclass, 1)"))
        .isEqualTo("Name for people");
    assertThat(comment("name")).isEqualTo("Name for people [personal]");
  }

  @Test
  void tablesOfNobodyAreLeftAlone() throws Exception {
    execute(database, "CREATE TABLE others (a int)", "COMMENT ON COLUMN others.a IS 'Theirs'");
    classify("internal = [id, note], personal = [name]");
    migrator().apply(ApplyOptions.all());

    assertThat(value(database, "SELECT col_description('others'::regclass, 1)"))
        .isEqualTo("Theirs");
  }

  private void classify(String tags) throws IOException {
    Files.writeString(
        folder.resolve("classification.conf"),
        """
        policies { p { retention = r, legal-basis = l } }
        operational { standard {}, tables { one { policy = p, %s } } }
        lake { standard {}, tables {} }
        """
            .formatted(tags));
  }

  private Migrator migrator() {
    return Migrator.open(
        database,
        Settings.parse(
            "migrate { change-sets = \"%s\", classification = \"%s\" }"
                .formatted(folder.resolve("sets"), folder.resolve("classification.conf"))));
  }

  private String comment(String column) throws SQLException {
    return value(
        database,
        "SELECT COALESCE(col_description('one'::regclass, attnum), '') FROM pg_attribute"
            + " WHERE attrelid = 'one'::regclass AND attname = '"
            + column
            + "'");
  }
}
