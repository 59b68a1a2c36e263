package dev.tidemark.pipeline.lake;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FsConstants;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The files of this machine, as Hadoop has them, but without a process for each. Where Hadoop's
 * native library is missing, as everywhere but on its clusters, it starts {@code chmod} for each
 * file that it makes and {@code readlink} four times for each that it renames; five for a commit of
 * a Delta table. Java can do both.
 */
public final class LocalFiles extends LocalFileSystem {
  /** Spark's settings that have both of Hadoop's interfaces use it for {@code file:}. */
  public static final Map<String, String> SPARK_SETTINGS =
      Map.of(
          "spark.hadoop.fs.file.impl", LocalFiles.class.getName(),
          "spark.hadoop.fs.AbstractFileSystem.file.impl", Context.class.getName());

  /** Called by Hadoop. */
  public LocalFiles() {
    super(new Raw());
  }

  /** Without sums beside the files. */
  public static class Raw extends RawLocalFileSystem {
    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      if (permission.getStickyBit()) {
        super.setPermission(path, permission);
        return;
      }
      try {
        Files.setPosixFilePermissions(
            pathToFile(path).toPath(), PosixFilePermissions.fromString(permission.toString()));
      } catch (UnsupportedOperationException e) {
        super.setPermission(path, permission);
      }
    }

    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
      return Files.isSymbolicLink(pathToFile(path).toPath())
          ? super.getFileLinkStatus(path)
          : getFileStatus(path);
    }
  }

  /**
   * The same as Hadoop's other interface has it, by which Spark writes sums of Delta's versions.
   */
  public static final class Context extends ChecksumFs {
    /** Called by Hadoop. */
    public Context(URI uri, Configuration hadoop) throws IOException, URISyntaxException {
      super(new RawContext(uri, hadoop));
    }
  }

  private static final class RawContext extends DelegateToFileSystem {
    private RawContext(URI uri, Configuration hadoop) throws IOException, URISyntaxException {
      super(uri, new Raw(), hadoop, FsConstants.LOCAL_FS_URI.getScheme(), false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }

    @Override
    public boolean isValidName(String name) {
      return true;
    }
  }
}
