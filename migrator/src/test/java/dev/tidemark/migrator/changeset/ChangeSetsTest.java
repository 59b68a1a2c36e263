package dev.tidemark.migrator.changeset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.changeset.ChangeSet.Phase;
import dev.tidemark.migrator.changeset.ChangeSet.Risk;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeSetsTest {
  private static final String CONF =
      """
      title = "A step"
      author = "Ada"
      reviewers = [Grace, Barbara]
      risk = medium
      risk-assessment = "It may wobble"
      touches = [chairs, tables]
      phase = migrate
      transactional = false
      expected-duration = 90s
      statement-timeout = 2h
      """;

  @TempDir Path folder;

  @Test
  void aFolderIsReadWithAllThatItSays() throws IOException {
    write("202601020304_first_step", CONF);

    ChangeSet read = ChangeSets.read(folder).get(0);

    assertThat(read.version()).isEqualTo("202601020304");
    assertThat(read.description()).isEqualTo("first_step");
    assertThat(read.title()).isEqualTo("A step");
    assertThat(read.author()).isEqualTo("Ada");
    assertThat(read.reviewers()).containsExactly("Grace", "Barbara");
    assertThat(read.risk()).isEqualTo(Risk.MEDIUM);
    assertThat(read.riskAssessment()).isEqualTo("It may wobble");
    assertThat(read.touchedTables()).containsExactly("chairs", "tables");
    assertThat(read.phase()).isEqualTo(Phase.MIGRATE);
    assertThat(read.transactional()).isFalse();
    assertThat(read.expectedDuration()).contains(Duration.ofSeconds(90));
    assertThat(read.statementTimeout()).contains(Duration.ofHours(2));
    assertThat(read.apply().file()).isEqualTo("202601020304_first_step/apply.sql");
    assertThat(read.apply().statements()).extracting(Statement::text).containsExactly("SELECT 1");
    assertThat(read.rollback().statements()).extracting(Statement::line).containsExactly(2);
  }

  @Test
  void whatMayBeLeftOutHasItsDefault() throws IOException {
    write(
        "202601020304_step",
        "title=t, author=a, risk=low, risk-assessment=none, touches=[], phase=expand");

    ChangeSet read = ChangeSets.read(folder).get(0);

    assertThat(read.transactional()).isTrue();
    assertThat(read.reviewers()).isEmpty();
    assertThat(read.expectedDuration()).isEmpty();
    assertThat(read.statementTimeout()).isEmpty();
  }

  @Test
  void authorTitleAndRiskAssessmentMustSaySomething() throws IOException {
    for (String key : List.of("title", "author", "risk-assessment")) {
      write("202601020304_step", CONF + "\n" + key + " = \"  \"");

      assertThatExceptionOfType(MigratorException.class)
          .isThrownBy(() -> ChangeSets.read(folder))
          .withMessageContaining(key)
          .withMessageContaining("it is empty");
    }
  }

  @Test
  void contentIsEveryByteOfEveryFileThatIsNotHidden() throws IOException {
    write("202601020304_step", CONF);
    Content before = ChangeSets.read(folder).get(0).content();
    Path step = folder.resolve("202601020304_step");
    Files.writeString(step.resolve(".swap"), "hidden");
    assertThat(ChangeSets.read(folder).get(0).content()).isEqualTo(before);

    Files.writeString(step.resolve("notes.md"), "n");
    Files.writeString(step.resolve("apply.sql"), Files.readString(step.resolve("apply.sql")) + " ");
    Content after = ChangeSets.read(folder).get(0).content();

    assertThat(after.checksum()).isNotEqualTo(before.checksum());
    assertThat(after.changesSince(before))
        .containsExactly("apply.sql was edited", "notes.md was added");
    assertThat(before.changesSince(after))
        .containsExactly("apply.sql was edited", "notes.md was removed");
    assertThat(Content.parse(after.manifest())).isEqualTo(after);
  }

  @Test
  void versionsOrderThemAndFilesBesideThemAreLeftAlone() throws IOException {
    write("202612312359_last", CONF);
    write("202601020304_first", CONF);
    Files.writeString(folder.resolve("README.md"), "words");
    Files.createDirectory(folder.resolve(".hidden"));

    assertThat(ChangeSets.read(folder))
        .extracting(ChangeSet::name)
        .containsExactly("202601020304_first", "202612312359_last");
  }

  @Test
  void aJarAndAFolderOfClassesGiveTheSame() throws IOException {
    write("202601020304_first", CONF);
    write("202601020305_second", CONF);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    Path inside = Files.createDirectories(classes.resolve("db"));
    Path jar = folder.resolve("with space.jar");
    pack(jar);
    for (String name : List.of("202601020304_first", "202601020305_second")) {
      Files.move(folder.resolve(name), inside.resolve(name));
    }

    try (URLClassLoader fromJar = loader(jar);
        URLClassLoader fromFolder = loader(classes)) {
      List<ChangeSet> packed = ChangeSets.readResources(fromJar, "db");

      assertThat(packed).hasSize(2).isEqualTo(ChangeSets.readResources(fromFolder, "db"));
    }
  }

  @Test
  void theChangeSetsOfTheProgramAreReadable() {
    List<ChangeSet> builtIn =
        ChangeSets.readResources(ChangeSets.class.getClassLoader(), "db/operational");

    assertThat(builtIn).extracting(ChangeSet::description).contains("identity", "usage_events");
  }

  @Test
  void namesThatAreNoTimeAreRefused() throws IOException {
    for (String name :
        List.of(
            "step",
            "202613010000_month",
            "202602300000_day",
            "20260102_short",
            "202601020304_UP")) {
      write(name, CONF);
      assertRefused("TM-MIG-023", name);
      delete(folder.resolve(name));
    }
  }

  @Test
  void eachMissingFileIsNamed() throws IOException {
    for (String file : List.of("apply.sql", "rollback.sql", "verify.sql", "changeset.conf")) {
      write("202601020304_step", CONF);
      Files.delete(folder.resolve("202601020304_step").resolve(file));
      assertRefused("TM-MIG-025", "202601020304_step/" + file);
    }
  }

  @Test
  void oneVersionTwiceIsRefused() throws IOException {
    write("202601020304_one", CONF);
    write("202601020304_other", CONF);

    assertRefused("TM-MIG-024", "202601020304_one and 202601020304_other");
  }

  @Test
  void anUnknownKeyIsRefused() throws IOException {
    write("202601020304_step", CONF + "transactionl = true");

    assertRefused("TM-MIG-027", "transactionl");
  }

  @Test
  void aKeyThatIsMissingOrOfTheWrongKindIsNamed() throws IOException {
    write("202601020304_step", CONF.replace("author", "# author"));
    assertRefused("TM-MIG-027", "author");
    write("202601020304_step", CONF.replace("risk = medium", "risk = huge"));
    assertRefused("TM-MIG-027", "[low, medium, high]");
    write("202601020304_step", CONF.replace("90s", "soon"));
    assertRefused("TM-MIG-027", "expected-duration");
  }

  @Test
  void aScriptWithoutStatementsIsRefused() throws IOException {
    write("202601020304_step", CONF);
    Files.writeString(folder.resolve("202601020304_step/rollback.sql"), "-- nothing\n");

    assertRefused("TM-MIG-026", "rollback.sql");
  }

  @Test
  void aScriptDoesNotCommandItsTransaction() throws IOException {
    for (String word : List.of("BEGIN", "start transaction", "COMMIT", "Rollback", "SAVEPOINT a")) {
      write("202601020304_step", CONF);
      Files.writeString(
          folder.resolve("202601020304_step/apply.sql"), "SELECT 1;\n/* so */ " + word + ";");
      assertRefused("TM-MIG-029", "line 2");
    }
    Files.writeString(
        folder.resolve("202601020304_step/apply.sql"),
        "SELECT 'COMMIT'; DO $$ BEGIN PERFORM 1; END $$; SELECT 1 AS commit");
    assertThat(ChangeSets.read(folder)).hasSize(1);
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> ChangeSets.read(folder.resolve("none")))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
  }

  private void assertRefused(String code, String words) {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> ChangeSets.read(folder))
        .satisfies(e -> assertThat(e.code()).isEqualTo(code))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .withMessageContaining(words);
  }

  private void write(String name, String conf) throws IOException {
    Path changeSet = Files.createDirectories(folder.resolve(name));
    Files.writeString(changeSet.resolve("changeset.conf"), conf);
    Files.writeString(changeSet.resolve("apply.sql"), "\uFEFFSELECT 1;\r\n");
    Files.writeString(changeSet.resolve("rollback.sql"), "-- back\nSELECT 2;\n");
    Files.writeString(changeSet.resolve("verify.sql"), "SELECT true");
  }

  private static void delete(Path changeSet) throws IOException {
    try (Stream<Path> files = Files.list(changeSet)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(changeSet);
  }

  private void pack(Path jar) throws IOException {
    try (OutputStream stream = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(stream)) {
      out.putNextEntry(new JarEntry("db/"));
      for (Path changeSet : subfolders()) {
        String name = "db/" + changeSet.getFileName() + "/";
        out.putNextEntry(new JarEntry(name));
        for (String file : List.of("apply.sql", "rollback.sql", "verify.sql", "changeset.conf")) {
          out.putNextEntry(new JarEntry(name + file));
          Files.copy(changeSet.resolve(file), out);
        }
      }
    }
  }

  private List<Path> subfolders() throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(child -> child.getFileName().toString().startsWith("2026")).toList();
    }
  }

  private static URLClassLoader loader(Path place) throws IOException {
    return new URLClassLoader(new URL[] {place.toUri().toURL()}, null);
  }
}
