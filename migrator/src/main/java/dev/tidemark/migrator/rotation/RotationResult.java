package dev.tidemark.migrator.rotation;

import java.util.List;

/**
 * What a rotation did.
 *
 * @param dryRun whether it only counted
 * @param primaryKeyId the key that encrypts every value now
 * @param columns those that hold encrypted values, by name
 */
public record RotationResult(boolean dryRun, String primaryKeyId, List<Column> columns) {
  /**
   * One column with encrypted values.
   *
   * @param name {@code table.column}
   * @param values how many it held at the start
   * @param encrypted how many were, or would be, encrypted anew
   * @param hashed how many hashes of addresses were, or would be, made anew
   */
  public record Column(String name, long values, long encrypted, long hashed) {}
}
