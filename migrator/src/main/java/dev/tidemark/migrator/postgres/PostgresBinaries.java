package dev.tidemark.migrator.postgres;

import dev.tidemark.migrator.digest.Sha256;
import dev.tidemark.migrator.failure.MigratorFailures;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Postgres's programs, unpacked from the class path once for each version. */
final class PostgresBinaries {
  private PostgresBinaries() {}

  /**
   * Unpacks the programs unless they are there.
   *
   * @param folder holds one subfolder a version; processes may call this at the same time
   * @return the folder with {@code bin}, {@code lib} and {@code share}
   * @throws IOException if they cannot be written
   */
  static Path unpack(Path folder) throws IOException {
    byte[] archive = archive();
    Path target = folder.resolve("postgres-" + HexFormat.of().formatHex(Sha256.of(archive), 0, 8));
    if (Files.isDirectory(target)) {
      return target;
    }
    makeFolder(folder);
    Path unfinished = Files.createTempDirectory(folder, "unpacking-");
    try {
      unpack(archive, unfinished);
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      deleteTree(unfinished);
      if (!Files.isDirectory(target)) {
        throw e;
      }
      // Another process was faster.
    }
    return target;
  }

  private static byte[] archive() throws IOException {
    String system = System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
    String architecture = System.getProperty("os.arch").replace("amd64", "x86_64");
    InputStream found;
    try {
      found = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, architecture);
    } catch (IllegalStateException e) {
      throw MigratorFailures.noLocalServer(String.valueOf(e.getMessage()), e);
    }
    if (found == null) {
      throw MigratorFailures.noLocalServer(
          "it has no programs for " + system + " on " + architecture, null);
    }
    try (InputStream stream = found) {
      return stream.readAllBytes();
    }
  }

  private static void unpack(byte[] archive, Path folder) throws IOException {
    InputStream unpacked = new XZInputStream(new ByteArrayInputStream(archive));
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new BufferedInputStream(unpacked, 1 << 16))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(tar, entry, folder);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder)
      throws IOException {
    Path path = folder.resolve(entry.getName()).normalize();
    if (!path.startsWith(folder)) {
      throw new IOException("The archive has an entry outside of itself: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else if (entry.isLink()) {
      Files.createLink(path, folder.resolve(entry.getLinkName()));
    } else {
      Files.copy(tar, path);
      boolean program = path.getParent().endsWith("bin");
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }

  /** Also where a user has put a symbolic link to a folder, which Java would refuse. */
  static void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
  }

  /** Deletes a folder with all that is in it, if it is there. */
  static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
