package dev.tidemark.pipeline.source.files;

import dev.tidemark.pipeline.failure.PipelineFailures;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Lists the files of a folder or glob, in any file system that Hadoop knows. */
final class FileListing {
  private static final String GLOB_CHARACTERS = "*?[]{}\\";

  private FileListing() {}

  /**
   * Lists the visible files, by path.
   *
   * @param location a folder (the files directly in it), a file, or a glob over files and folders
   */
  static List<ListedFile> list(Configuration configuration, String location) {
    try {
      Path path = new Path(location);
      FileSystem fileSystem = fileSystem(path, configuration, location);
      Path root = fileSystem.exists(path) ? path : withoutGlob(path);
      if (!fileSystem.exists(root)) {
        throw PipelineFailures.noSuchPath(location);
      }
      FileStatus[] matches =
          root.equals(path)
              ? new FileStatus[] {fileSystem.getFileStatus(path)}
              : fileSystem.globStatus(path);
      if (matches == null) {
        throw PipelineFailures.noSuchPath(location);
      }
      int rootDepth = fileSystem.makeQualified(root).depth();
      List<ListedFile> files = new ArrayList<>();
      for (FileStatus match : matches) {
        FileStatus[] found =
            match.isDirectory() ? fileSystem.listStatus(match.getPath()) : new FileStatus[] {match};
        for (FileStatus file : found) {
          if (file.isFile() && !isHidden(file.getPath(), rootDepth)) {
            refuseUnreadableName(fileSystem, file.getPath());
            files.add(ListedFile.of(file));
          }
        }
      }
      files.sort(Comparator.comparing(ListedFile::path));
      return files;
    } catch (IllegalArgumentException e) {
      throw PipelineFailures.badPath(location, e);
    } catch (FileNotFoundException e) {
      throw PipelineFailures.noSuchPath(location);
    } catch (IOException e) {
      throw PipelineFailures.storageUnreachable(location, e);
    }
  }

  private static FileSystem fileSystem(Path path, Configuration configuration, String location)
      throws IOException {
    try {
      return path.getFileSystem(configuration);
    } catch (RuntimeException | UnsupportedFileSystemException e) {
      // Hadoop wraps the absence of a file system's class, that of s3a for one, in the former.
      throw PipelineFailures.badPath(location, e);
    }
  }

  /** The deepest folder above every wildcard; the path itself where it has none. */
  private static Path withoutGlob(Path path) {
    Path root = path;
    for (Path part = path; part != null; part = part.getParent()) {
      if (part.getName().chars().anyMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0)) {
        root = part.getParent();
      }
    }
    return root == null ? new Path(Path.CUR_DIR) : root;
  }

  /**
   * Local files are read through one that holds their checksums, whose name Hadoop cannot form
   * where the file's own has a colon.
   *
   * @throws IllegalArgumentException if that is so
   */
  private static void refuseUnreadableName(FileSystem fileSystem, Path file) {
    if (fileSystem instanceof ChecksumFileSystem checked) {
      checked.getChecksumFile(file);
    }
  }

  /** Whether the file or a folder that a wildcard found on the way to it is hidden. */
  private static boolean isHidden(Path file, int rootDepth) {
    if (file.getName().endsWith("._COPYING_")) {
      return true;
    }
    Path part = file;
    do {
      if (part.getName().startsWith("_") || part.getName().startsWith(".")) {
        return true;
      }
      part = part.getParent();
    } while (part != null && part.depth() > rootDepth);
    return false;
  }
}
