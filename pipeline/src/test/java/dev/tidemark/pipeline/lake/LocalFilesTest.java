package dev.tidemark.pipeline.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hadoop's own way is the oracle. */
class LocalFilesTest {
  private static final URI ROOT = URI.create("file:///");

  @TempDir java.nio.file.Path folder;

  private final Configuration theirs = new Configuration();
  private final Configuration ours = new Configuration();

  LocalFilesTest() {
    LocalFiles.SPARK_SETTINGS.forEach(
        (name, value) -> ours.set(name.substring("spark.hadoop.".length()), value));
  }

  @Test
  void whatIsMadeIsAsHadoopMakesItWithoutAProcess() throws Exception {
    assertThat(processesOf(() -> useAll(theirs, folder.resolve("theirs")))).isGreaterThan(5);
    assertThat(processesOf(() -> useAll(ours, folder.resolve("ours")))).isZero();
    List<String> made = listing(folder.resolve("ours"));
    assertThat(made).isEqualTo(listing(folder.resolve("theirs")));
    assertThat(made).contains("rwxr-x--- /closed", "rw-r--r-- /open", "rw------- /own");
  }

  @Test
  void aLinkIsToldAsHadoopTellsIt() throws Exception {
    Files.writeString(folder.resolve("file"), "12345");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("file"));
    Files.createSymbolicLink(folder.resolve("broken"), folder.resolve("nowhere"));
    for (String name : List.of("file", "link", "broken", "nowhere")) {
      Path path = new Path(folder.resolve(name).toUri());
      assertThat(told(ours, path)).isEqualTo(told(theirs, path));
    }
  }

  private static String told(Configuration hadoop, Path path) throws IOException {
    try {
      return context(hadoop).getFileLinkStatus(path).toString();
    } catch (FileNotFoundException e) {
      return e.toString();
    }
  }

  @Test
  void permissionsOfWhatIsNotThereAreAnError() throws IOException {
    FileSystem files = FileSystem.newInstance(ROOT, ours);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                files.setPermission(
                    new Path(folder.resolve("nowhere").toUri()), FsPermission.getFileDefault()));
  }

  private interface Use {
    void run() throws IOException;
  }

  /** Each way by which Spark and Delta make files. */
  private static void useAll(Configuration hadoop, java.nio.file.Path folder) throws IOException {
    Files.createDirectories(folder);
    Path root = new Path(folder.toUri());
    FileSystem files = FileSystem.newInstance(ROOT, hadoop);
    files.mkdirs(new Path(root, "closed"), new FsPermission("750"));
    write(files.create(new Path(root, "open")));
    write(files.create(new Path(root, "own")));
    files.setPermission(new Path(root, "own"), new FsPermission("600"));
    FileContext context = context(hadoop);
    Path temporary = new Path(root, "temporary");
    write(
        context.create(
            temporary,
            EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE),
            Options.CreateOpts.checksumParam(Options.ChecksumOpt.createDisabled())));
    context.rename(temporary, new Path(root, "renamed"), Options.Rename.NONE);
  }

  private static void write(FSDataOutputStream to) throws IOException {
    try (to) {
      to.writeBytes("something");
    }
  }

  private static FileContext context(Configuration hadoop) throws IOException {
    return FileContext.getFileContext(ROOT, hadoop);
  }

  private static List<String> listing(java.nio.file.Path folder) throws IOException {
    try (Stream<java.nio.file.Path> paths = Files.walk(folder)) {
      List<String> all = new ArrayList<>();
      for (java.nio.file.Path path : paths.sorted().toList()) {
        all.add(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                + " "
                + path.toString().substring(folder.toString().length()));
      }
      return all;
    }
  }

  /** Those that this thread starts, as the JVM itself tells them. */
  private long processesOf(Use use) throws IOException {
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ProcessStart");
      recording.start();
      use.run();
      recording.stop();
      java.nio.file.Path file = Files.createTempFile(folder, "processes", ".jfr");
      recording.dump(file);
      long here = Thread.currentThread().getId();
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> event.getThread().getJavaThreadId() == here)
          .count();
    }
  }
}
