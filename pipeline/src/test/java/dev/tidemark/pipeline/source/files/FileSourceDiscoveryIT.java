package dev.tidemark.pipeline.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.source.InputFile;
import dev.tidemark.pipeline.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceDiscoveryIT {
  private static final String CONTENT = "t\n2026-01-01 00:00:00\n";

  @TempDir Path folder;

  @Test
  void newFilesComeByPathWithTheChecksumOfWhatTheyHold() throws IOException {
    Samples.write(folder.resolve("b.csv"), CONTENT);
    Path packed = Samples.write(folder.resolve("a.csv.gz"), Samples.gzip("t\n"));

    FileDiscovery discovery = discover(folder.toString());

    assertThat(discovery.newFiles()).extracting(this::name).containsExactly("a.csv.gz", "b.csv");
    assertThat(discovery.newFiles())
        .extracting(InputFile::checksum)
        .containsExactly(Samples.sha256("t\n"), Samples.sha256(CONTENT));
    assertThat(discovery.newFiles().get(0).bytes()).isEqualTo(Files.size(packed));
    assertThat(discovery.newFiles().get(0).modifiedAt().toEpochMilli())
        .isEqualTo(Files.getLastModifiedTime(packed).toMillis());
    assertThat(discovery.newFiles().get(0).path()).startsWith("file:/").endsWith("/a.csv.gz");
  }

  @Test
  void hiddenFilesAndFoldersInTheFolderAreLeftOut() {
    Samples.write(folder.resolve("_SUCCESS"), "x");
    Samples.write(folder.resolve(".a.csv.crc"), "y");
    Samples.write(folder.resolve("a.csv._COPYING_"), "z");
    Samples.write(folder.resolve("sub/a.csv"), "s");
    Samples.write(folder.resolve("a.csv"), CONTENT);

    assertThat(discover(folder.toString()).newFiles())
        .extracting(this::name)
        .containsExactly("a.csv");
  }

  @Test
  void aGlobFindsFilesAndFoldersButNothingHidden() {
    Samples.write(folder.resolve("2026-01/a.csv"), "1");
    Samples.write(folder.resolve("2026-02/a.csv"), "2");
    Samples.write(folder.resolve("_2026/a.csv"), "3");
    Samples.write(folder.resolve("2026-02/a.txt"), "4");

    assertThat(discover(folder + "/*/*.csv").newFiles())
        .extracting(file -> Path.of(file.path()).getParent().getFileName().toString())
        .containsExactly("2026-01", "2026-02");
    assertThat(discover(folder + "/2026-{01,02}").newFiles()).hasSize(3);
  }

  @Test
  void aFolderMayLieUnderAHiddenOneAndHaveAGlobInItsName() {
    Samples.write(folder.resolve(".in/data[1]/a.csv"), CONTENT);

    assertThat(discover(folder + "/.in/data[1]").newFiles()).hasSize(1);
    assertThat(discover(folder + "/.in/*/*.csv").newFiles()).hasSize(1);
  }

  @Test
  void oneFileMayBeNamed() {
    Path file = Samples.write(folder.resolve("a.csv"), CONTENT);
    Samples.write(folder.resolve("b.csv"), "b");

    assertThat(discover(file.toString()).newFiles())
        .extracting(this::name)
        .containsExactly("a.csv");
  }

  @Test
  void aFileThatIsAsItWasIsNotRead() throws IOException {
    Path file = Samples.write(folder.resolve("a.csv"), CONTENT);
    // Were it read, it would be found to be another than this.
    InputFile landed =
        new InputFile(
            "file:" + file,
            Files.size(file),
            Instant.ofEpochMilli(Files.getLastModifiedTime(file).toMillis()),
            Samples.sha256("something else"));

    FileDiscovery discovery = discover(folder.toString(), landed);

    assertThat(discovery.unchanged()).isEqualTo(1);
    assertThat(discovery.newFiles()).isEmpty();
  }

  @Test
  void renamedAndRecompressedCopiesAreTheSameFile() {
    Path first = Samples.write(folder.resolve("m.csv"), CONTENT);
    InputFile landed = only(discover(folder.toString()));
    assertThat(first.toFile().renameTo(folder.resolve("n.csv").toFile())).isTrue();
    Samples.write(folder.resolve("a.csv.gz"), Samples.gzip(CONTENT));

    FileDiscovery discovery = discover(folder.toString(), landed);

    assertThat(discovery.newFiles()).isEmpty();
    assertThat(discovery.copies())
        .extracting(copy -> name(copy.file()) + " of " + copy.original())
        .containsExactly("a.csv.gz of " + landed.path(), "n.csv of " + landed.path());
  }

  @Test
  void aCopyThatIsRememberedIsNotReadAgain() {
    Samples.write(folder.resolve("a.csv"), CONTENT);
    Samples.write(folder.resolve("b.csv"), CONTENT);
    FileDiscovery first = discover(folder.toString());

    FileDiscovery second = discover(folder.toString(), only(first), first.copies().get(0).file());

    assertThat(second.unchanged()).isEqualTo(2);
    assertThat(second.copies()).isEmpty();
  }

  @Test
  void aTouchedFileIsTheSame() throws IOException {
    Path file = Samples.write(folder.resolve("a.csv"), CONTENT);
    InputFile landed = only(discover(folder.toString()));
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));

    FileDiscovery discovery = discover(folder.toString(), landed);

    assertThat(discovery.newFiles()).isEmpty();
    assertThat(discovery.copies()).extracting(FileCopy::original).containsExactly(landed.path());
  }

  @Test
  void aChangedFileUnderAKnownNameIsRefusedWithTheRemedy() {
    Path file = Samples.write(folder.resolve("a.csv"), CONTENT);
    InputFile landed = only(discover(folder.toString()));
    Samples.write(file, CONTENT + "2026-01-01 00:00:01\n");

    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(() -> discover(folder.toString(), landed))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
        .satisfies(e -> assertThat(e.problem()).contains(landed.path()))
        .satisfies(e -> assertThat(e.remedy()).contains("new name"));
  }

  @Test
  void aTruncatedFileIsAChangedOne() {
    Path file = Samples.write(folder.resolve("a.csv"), CONTENT);
    InputFile landed = only(discover(folder.toString()));
    Samples.write(file, "");

    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(() -> discover(folder.toString(), landed))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-PIP-020"));
  }

  @Test
  void theSameContentTwiceInOneDiscoveryCountsOnce() {
    Samples.write(folder.resolve("b.csv"), CONTENT);
    Samples.write(folder.resolve("a.csv.gz"), Samples.gzip(CONTENT));

    FileDiscovery discovery = discover(folder.toString());

    assertThat(discovery.newFiles()).extracting(this::name).containsExactly("a.csv.gz");
    assertThat(discovery.copies()).extracting(copy -> name(copy.file())).containsExactly("b.csv");
  }

  @Test
  void emptyFilesAreOrdinaryAndMayBeFilledLater() {
    Samples.write(folder.resolve("a.csv"), "");
    Samples.write(folder.resolve("b.csv.gz"), "");
    Samples.write(folder.resolve("c.csv.gz"), Samples.gzip(""));

    assertThat(discover(folder.toString()).newFiles()).isEmpty();
    assertThat(discover(folder.toString()).empty()).hasSize(3);

    Samples.write(folder.resolve("a.csv"), CONTENT);
    assertThat(discover(folder.toString()).newFiles())
        .extracting(this::name)
        .containsExactly("a.csv");
  }

  @Test
  void nothingToFindIsNoError() {
    assertThat(discover(folder.toString()).newFiles()).isEmpty();
    assertThat(discover(folder + "/*.csv").newFiles()).isEmpty();
    assertThat(discover(folder + "/*/deep/*.csv").newFiles()).isEmpty();
  }

  @Test
  void aPathThatDoesNotExistIsBadUsage() {
    for (String missing : List.of("/none", "/none/*.csv", "/none.csv")) {
      assertThatExceptionOfType(PipelineException.class)
          .isThrownBy(() -> discover(folder + missing))
          .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
          .satisfies(e -> assertThat(e.problem()).contains(missing, "does not exist"));
    }
  }

  @Test
  void aFileSystemThatNobodyKnowsIsBadUsage() {
    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(() -> discover("nosuch://bucket/in"))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-PIP-016"));
  }

  @Test
  void aDamagedFileIsNamed() {
    byte[] packed = Samples.gzip(CONTENT.repeat(100));
    Samples.write(folder.resolve("a.csv.gz"), Arrays.copyOf(packed, packed.length / 2));

    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(() -> discover(folder.toString()))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
        .satisfies(e -> assertThat(e.problem()).contains("a.csv.gz", "damaged"));
  }

  @Test
  void aFileThatGrowsWhileItIsLookedAtWaitsForALaterRun() {
    Path file = Samples.write(folder.resolve("a.csv"), CONTENT);
    ListedFile shorter =
        new ListedFile(
            file.toUri().toString(), 3, Instant.ofEpochMilli(file.toFile().lastModified()));

    assertThat(ContentChecksum.of(shorter, new Configuration())).isInstanceOf(Probe.Changed.class);
  }

  @Test
  void aLocalFileWithAColonInItsNameIsNamed() {
    Samples.write(folder.resolve("at-12:00.csv"), CONTENT);

    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(() -> discover(folder.toString()))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .withMessageContaining("at-12:00.csv")
        .withMessageContaining("colon");
  }

  private FileDiscovery discover(String path, InputFile... landed) {
    return FileSource.discover(
        TestSpark.session(),
        Samples.settings(
            "format = csv, columns { occurred_at = t }, path = \""
                + path.replace("\\", "\\\\")
                + "\""),
        new ArrayList<>(List.of(landed)));
  }

  private static InputFile only(FileDiscovery discovery) {
    assertThat(discovery.newFiles()).hasSize(1);
    return discovery.newFiles().get(0);
  }

  private String name(InputFile file) {
    return file.path().substring(file.path().lastIndexOf('/') + 1);
  }
}
