package dev.tidemark.pipeline.source.files;

import dev.tidemark.pipeline.source.InputFile;
import java.io.Serializable;
import java.net.URI;
import java.time.Instant;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** A file as a listing shows it: its URI, length as stored, and modification time. */
record ListedFile(String path, long bytes, Instant modifiedAt) implements Serializable {
  static ListedFile of(FileStatus status) {
    return new ListedFile(
        uri(status.getPath()), status.getLen(), Instant.ofEpochMilli(status.getModificationTime()));
  }

  static ListedFile of(InputFile file) {
    return new ListedFile(file.path(), file.bytes(), file.modifiedAt());
  }

  /** The encoded URI, spelled as Spark spells it in {@code _metadata.file_path}. */
  static String uri(Path path) {
    return new Path(path.toString()).toUri().toString();
  }

  /** The path as Hadoop takes it. */
  Path hadoopPath() {
    return new Path(URI.create(path));
  }

  /** The path as Spark's readers take it: not encoded, and a bracket in a name only a bracket. */
  String readablePath() {
    return hadoopPath().toString().replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
  }

  InputFile withChecksum(String checksum) {
    return new InputFile(path, bytes, modifiedAt, checksum);
  }
}
