package dev.tidemark.migrator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import dev.tidemark.migrator.docs.SchemaDocs.Stale;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.testing.PostgresExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SchemaDocsIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  @TempDir Path folder;

  /** `tidemark migrate docs generate` brings them up to date. */
  @Test
  void theDocumentsOfTheRepositoryAreUpToDate() {
    assertThat(SchemaDocs.of(config("")).stale(Path.of("../db/docs"))).isEmpty();
  }

  @Test
  void staleDocumentsAreNamedAndMended() throws IOException {
    SchemaDocs docs = small();
    Path to = folder.resolve("docs");

    assertThat(docs.write(to))
        .extracting(Stale::file)
        .containsExactly(
            "changelog.md",
            "dictionary.md",
            "erd.md",
            "erd/accounts.svg",
            "erd/pets.svg",
            "erd/whole.svg");
    assertThat(docs.stale(to)).isEmpty();

    Files.writeString(to.resolve("dictionary.md"), "edited");
    Files.delete(to.resolve("erd.md"));
    Files.writeString(to.resolve("erd/gone.svg"), "<svg/>");
    assertThat(docs.stale(to))
        .containsExactly(
            new Stale("dictionary.md", "is not what the change sets make"),
            new Stale("erd.md", "is missing"),
            new Stale("erd/gone.svg", "is not generated any more"));

    docs.write(to);
    assertThat(docs.stale(to)).isEmpty();
    assertThat(to.resolve("erd/gone.svg")).doesNotExist();
  }

  @Test
  void anotherRunWritesTheSameBytes() throws IOException {
    Path to = folder.resolve("docs");
    small().write(to);

    assertThat(small().stale(to)).isEmpty();
  }

  @Test
  void theDictionaryTellsAllThatIsKnownOfATable() throws IOException {
    small().write(folder.resolve("docs"));

    String dictionary = Files.readString(folder.resolve("docs/dictionary.md"));
    assertThat(dictionary.lines())
        .contains(
            "# Accounts",
            "## owners",
            "Who has pets.",
            "- Made by `202601010001_accounts`",
            "- Kept: a year",
            "- Legal basis: contract",
            "| `id` | uuid | no | `gen_random_uuid()` | Identifier, without unit | internal |",
            "| `name` | varchar(99) | yes | | Name \\| nickname | personal |",
            "- Primary key (`id`): `owners_pkey`",
            "- [pets](#pets) (`owner_id`)",
            "- `pg_monitor`: SELECT, UPDATE of `name`",
            "- Holds for everybody, the owner included",
            "- `mine`: select for everybody, sees `(name IS NOT NULL)`",
            "# Pets",
            "## pets",
            "- (`owner_id`) → [owners](#owners) (`id`): `pets_owner_id_fkey`",
            "- `pets_weight_positive`: `CHECK ((weight > 0))`",
            "- `keep`: before delete calls `keep('pets')`. Keeps what its argument names.",
            "- `idx_pets_owner_id`: btree (`owner_id`) where `(weight > 5)`",
            "### heavy_pets",
            "- Reads [pets](#pets)",
            "| `kind` | enum | `cat`, `dog` | What barks and what does not |",
            "| `keep()` | Keeps what its argument names | the caller's | everybody |")
        .doesNotContain("## dropped");
  }

  @Test
  void theDiagramsTellKeysAndCardinalities() throws IOException {
    small().write(folder.resolve("docs"));

    assertThat(Files.readString(folder.resolve("docs/erd.md")).lines())
        .contains(
            "  owners |o--o{ pets : owner_id",
            "  pets ||--o| collars : pet_id",
            "    uuid owner_id FK",
            "    uuid id PK");
    // What points elsewhere is drawn with what it points to, by name.
    assertThat(Files.readString(folder.resolve("docs/erd/pets.svg")))
        .contains(">owners<", ">Accounts<", ">owner_id<")
        .doesNotContain(">name<");
    assertThat(Files.readString(folder.resolve("docs/erd/whole.svg")))
        .contains(">owners<", ">pets<", ">→ owners<")
        .doesNotContain(">weight<");
  }

  @Test
  void theChangelogTellsWhatEachChangeSetDidYoungestFirst() throws IOException {
    small().write(folder.resolve("docs"));

    assertThat(Files.readString(folder.resolve("docs/changelog.md")))
        .containsSubsequence(
            "## 202601010002_pets",
            "- Makes: `collars`, `pets`",
            "- Drops: `dropped`",
            "## 202601010001_accounts",
            "Test of accounts.",
            "- Version: 2026-01-01 00:01",
            "- Risk: low. none",
            "- Makes: `dropped`, `owners`");
  }

  private SchemaDocs small() throws IOException {
    write(
        "202601010001_accounts",
        """
        CREATE TABLE owners (
          id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT owners_pkey PRIMARY KEY, name varchar(99));
        ALTER TABLE owners ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY mine ON owners FOR SELECT USING (name IS NOT NULL);
        GRANT SELECT, UPDATE (name) ON owners TO pg_monitor;
        COMMENT ON TABLE owners IS 'Who has pets';
        COMMENT ON COLUMN owners.id IS 'Identifier, without unit';
        COMMENT ON COLUMN owners.name IS 'Name | nickname';
        CREATE TABLE dropped (id int);
        """);
    write(
        "202601010002_pets",
        """
        DROP TABLE dropped;
        CREATE TYPE kind AS ENUM ('cat', 'dog');
        COMMENT ON TYPE kind IS 'What barks and what does not';
        CREATE TABLE pets (
          id uuid CONSTRAINT pets_pkey PRIMARY KEY, owner_id uuid CONSTRAINT pets_owner_id_fkey REFERENCES owners,
          weight integer CONSTRAINT pets_weight_positive CHECK (weight > 0));
        CREATE INDEX idx_pets_owner_id ON pets (owner_id) WHERE weight > 5;
        CREATE TABLE collars (pet_id uuid PRIMARY KEY CONSTRAINT collars_pet_id_fkey REFERENCES pets);
        CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        COMMENT ON FUNCTION keep() IS 'Keeps what its argument names';
        CREATE TRIGGER keep BEFORE DELETE ON pets FOR EACH ROW EXECUTE FUNCTION keep('pets');
        CREATE VIEW heavy_pets AS SELECT id FROM pets WHERE weight > 9;
        """);
    Path classification =
        Files.writeString(
            folder.resolve("classification.conf"),
            """
            policies { account { retention = a year, legal-basis = contract } }
            operational { standard {}, tables { owners { policy = account, internal = [id], personal = [name] } } }
            lake { standard {}, tables {} }
            """);
    return SchemaDocs.of(
        config(
            "change-sets = \"%s\", classification = \"%s\""
                .formatted(folder.resolve("sets"), classification)));
  }

  private void write(String name, String apply) throws IOException {
    Path changeSet = Files.createDirectories(folder.resolve("sets").resolve(name));
    Files.writeString(changeSet.resolve("apply.sql"), apply);
    Files.writeString(changeSet.resolve("rollback.sql"), "SELECT 1");
    Files.writeString(changeSet.resolve("verify.sql"), "SELECT true");
    Files.writeString(
        changeSet.resolve("changeset.conf"),
        "title=Test of %s, author=a, risk=low, risk-assessment=none, touches=[one], phase=expand"
            .formatted(name.substring(13)));
  }

  private static Config config(String migrate) {
    return Settings.parse(
        "migrate { shadow-url = \"%s\", %s }"
            .formatted(POSTGRES.server().completeJdbcUrl(), migrate));
  }
}
