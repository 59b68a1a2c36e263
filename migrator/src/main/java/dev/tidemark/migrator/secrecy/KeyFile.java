package dev.tidemark.migrator.secrecy;

import dev.tidemark.migrator.failure.MigratorFailures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A file of lines {@code NAME=value}, as environments are given to containers and services. Nobody
 * but its owner may read it.
 */
final class KeyFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private KeyFile() {}

  /**
   * The values by their names. Empty lines and those that begin with # are passed over.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if the file is missing, open to others,
   *     or has another line
   */
  static Map<String, String> read(Path file) {
    Map<String, String> values = new LinkedHashMap<>();
    try {
      refuseOpenToOthers(file);
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        int equals = line.indexOf('=');
        if (equals < 1) {
          throw MigratorFailures.badKeyFile(file, "line " + number + " is not NAME=value", null);
        }
        values.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    } catch (NoSuchFileException e) {
      throw MigratorFailures.badKeyFile(file, "there is no such file", null);
    } catch (IOException e) {
      throw MigratorFailures.badKeyFile(file, "it cannot be read as text", null);
    }
    return values;
  }

  /**
   * Writes a file that is not there yet, in a folder that is made where needed.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if it is there, or cannot be written
   */
  static void create(Path file, Map<String, String> values) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      write(file, values);
    } catch (FileAlreadyExistsException e) {
      throw MigratorFailures.keyFileExists(file);
    } catch (IOException e) {
      throw MigratorFailures.badKeyFile(file, "it cannot be written: " + e, e);
    }
  }

  /** Replaces a file; whatever happens, the old one or the new one is there, whole. */
  static void replace(Path file, Map<String, String> values) {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(next);
      write(next, values);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw MigratorFailures.badKeyFile(file, "it cannot be replaced: " + e, e);
    }
  }

  private static void write(Path file, Map<String, String> values) throws IOException {
    byte[] text =
        values.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.UTF_8);
    FileAttribute<?>[] attributes =
        isPosix(file)
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer bytes = ByteBuffer.wrap(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      // What is encrypted with a key that a power cut took away is lost.
      channel.force(true);
    }
  }

  private static void refuseOpenToOthers(Path file) throws IOException {
    if (isPosix(file) && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
      throw MigratorFailures.badKeyFile(
          file, "others than its owner may read it; `chmod 600` mends that", null);
    }
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
