package dev.tidemark.migrator.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder with a folder for each operation. */
record FolderStore(Path folder, int most) implements ArtifactStore {
  /** Whatever else lies there is not ours to delete. */
  private static final Pattern OURS = Pattern.compile("\\d{8}T\\d{9}Z-[a-z_]+-[0-9a-f-]{36}");

  @Override
  public void keep(String name, Map<String, String> files) throws IOException {
    Path own = Files.createDirectories(folder.resolve(name));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(own.resolve(file.getKey()), file.getValue());
    }
    List<Path> all;
    try (Stream<Path> folders = Files.list(folder)) {
      all =
          folders
              .filter(path -> OURS.matcher(path.getFileName().toString()).matches())
              .sorted()
              .toList();
    }
    for (Path old : all.subList(0, Math.max(0, all.size() - most))) {
      delete(old);
    }
  }

  private static void delete(Path operation) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(operation)) {
      files = listed.toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(operation);
  }
}
