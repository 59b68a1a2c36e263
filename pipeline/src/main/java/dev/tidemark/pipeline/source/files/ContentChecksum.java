package dev.tidemark.pipeline.source.files;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** SHA-256 of a file's decompressed content: its identity (EX-10). */
final class ContentChecksum {
  private static final int BUFFER_BYTES = 1 << 16;

  /** That of no content at all. */
  static final String EMPTY = HexFormat.of().formatHex(sha256().digest());

  private ContentChecksum() {}

  /** Reads the file as a stream; the finding is lower-case hexadecimal. */
  static Probe<String> of(ListedFile file, Configuration configuration) {
    Path path = file.hadoopPath();
    CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(path);
    MessageDigest digest = sha256();
    try {
      FileSystem fileSystem = path.getFileSystem(configuration);
      try (InputStream stored = fileSystem.open(path)) {
        if (codec == null || file.bytes() == 0) {
          update(digest, stored);
        } else {
          try (InputStream content = codec.createInputStream(stored)) {
            update(digest, content);
          } catch (IOException e) {
            return new Probe.Damaged<>(file, "it does not decompress: " + e.getMessage());
          }
        }
      }
      if (!ListedFile.of(fileSystem.getFileStatus(path)).equals(file)) {
        return new Probe.Changed<>(file);
      }
      return new Probe.Found<>(file, HexFormat.of().formatHex(digest.digest()));
    } catch (IOException e) {
      return new Probe.Unreachable<>(file, String.valueOf(e.getMessage()));
    }
  }

  private static void update(MessageDigest digest, InputStream content) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
      digest.update(buffer, 0, count);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
