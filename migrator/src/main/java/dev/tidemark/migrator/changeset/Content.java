package dev.tidemark.migrator.changeset;

import dev.tidemark.migrator.digest.Sha256;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The exact bytes of a change set's folder: every file that is not hidden, by its name. Unlike
 * {@link Script#checksum}, comments and white space change it.
 *
 * @param files in the order of their names
 */
public record Content(List<FileDigest> files) {

  /**
   * One file.
   *
   * @param name its path within the folder, with slashes
   * @param bytes its length
   * @param sha256 in lower-case hexadecimal
   */
  public record FileDigest(String name, long bytes, String sha256) {}

  static Content of(SortedMap<String, byte[]> files) {
    return new Content(
        files.entrySet().stream()
            .map(
                file ->
                    new FileDigest(
                        file.getKey(),
                        file.getValue().length,
                        HexFormat.of().formatHex(Sha256.of(file.getValue()))))
            .toList());
  }

  /** What {@link #manifest} gave. */
  public static Content parse(String manifest) {
    return new Content(
        manifest
            .lines()
            .map(line -> line.split(" ", 3))
            .map(parts -> new FileDigest(parts[2], Long.parseLong(parts[1]), parts[0]))
            .toList());
  }

  /** One line a file: digest, length, name. */
  public String manifest() {
    return files.stream()
        .map(file -> file.sha256() + " " + file.bytes() + " " + file.name() + "\n")
        .collect(Collectors.joining());
  }

  /** SHA-256 of the manifest, in lower-case hexadecimal. */
  public String checksum() {
    return Sha256.hex(manifest());
  }

  /** The files that an earlier content had otherwise, had not, or had too, in words. */
  public List<String> changesSince(Content earlier) {
    Map<String, FileDigest> before = earlier.byName();
    Map<String, FileDigest> now = byName();
    List<String> changes = new ArrayList<>();
    now.forEach(
        (name, file) -> {
          if (!before.containsKey(name)) {
            changes.add(name + " was added");
          } else if (!before.get(name).equals(file)) {
            changes.add(name + " was edited");
          }
        });
    before.keySet().stream()
        .filter(name -> !now.containsKey(name))
        .forEach(name -> changes.add(name + " was removed"));
    return changes;
  }

  private Map<String, FileDigest> byName() {
    Map<String, FileDigest> byName = new TreeMap<>();
    files.forEach(file -> byName.put(file.name(), file));
    return byName;
  }
}
