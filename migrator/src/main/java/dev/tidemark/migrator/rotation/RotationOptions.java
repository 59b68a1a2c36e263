package dev.tidemark.migrator.rotation;

/**
 * What to rotate.
 *
 * @param emailHash whether addresses are hashed anew too
 * @param compromised whether the log says that an old key had leaked
 * @param dryRun whether to count only
 */
public record RotationOptions(boolean emailHash, boolean compromised, boolean dryRun) {}
