package dev.tidemark.pipeline.lake;

import io.delta.storage.HDFSLogStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Commits to Delta tables in a folder of this machine, of which each version has one winner.
 * Delta's own way looks whether the file is there and then renames another one to it, which takes
 * its place if a second process was between the two: that one's commit would be gone, and nobody
 * told. A hard link is made or refused in one step.
 */
public final class LocalLogStore extends HDFSLogStore {
  /** Spark's setting that names the store of {@code file:}. */
  public static final String SPARK_SETTING = "spark.delta.logStore.file.impl";

  /** The same of Delta Kernel. */
  static final String KERNEL_SETTING = "io.delta.kernel.logStore.file.impl";

  /** Called by Delta. */
  public LocalLogStore(Configuration hadoop) {
    super(hadoop);
  }

  @Override
  public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration hadoop)
      throws IOException {
    if (overwrite) {
      super.write(path, actions, true, hadoop);
      return;
    }
    List<String> lines = new ArrayList<>();
    actions.forEachRemaining(lines::add);
    java.nio.file.Path target = java.nio.file.Path.of(path.toUri().getPath());
    java.nio.file.Path written =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      Files.write(written, lines, StandardCharsets.UTF_8);
      Files.createLink(target, written);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      // A file system without links; what else is wrong with it shows again.
      super.write(path, lines.iterator(), false, hadoop);
    } finally {
      Files.deleteIfExists(written);
    }
  }
}
