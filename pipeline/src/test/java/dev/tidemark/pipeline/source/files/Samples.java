package dev.tidemark.pipeline.source.files;

import dev.tidemark.migrator.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/** What the tests of this package write, and the arithmetic that they hold the results against. */
final class Samples {
  private Samples() {}

  static Path write(Path file, String content) {
    return write(file, content.getBytes(StandardCharsets.UTF_8));
  }

  static Path write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(String content) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream stream = new GZIPOutputStream(compressed)) {
      stream.write(content.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The id of a row without one, by the rule that {@link EventIds} documents. */
  static String derivedId(String fileContent, String kindAndRow, int ordinal) {
    StringBuilder id =
        new StringBuilder(sha256(sha256(fileContent) + ":" + sha256(kindAndRow) + ":" + ordinal));
    id.setLength(30);
    return id.insert(12, '8')
        .insert(16, 'a')
        .insert(20, '-')
        .insert(16, '-')
        .insert(12, '-')
        .insert(8, '-')
        .toString();
  }

  static FileSourceSettings settings(String hocon) {
    return FileSourceSettings.from(Settings.parse("source { " + hocon + " }"));
  }
}
