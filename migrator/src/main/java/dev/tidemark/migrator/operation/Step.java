package dev.tidemark.migrator.operation;

/**
 * A change set that was applied or rolled back.
 *
 * @param version its version
 * @param description its description
 * @param statements how many statements were executed, those of verify.sql not counted
 * @param milliseconds how long it took, waiting for locks included
 */
public record Step(String version, String description, int statements, long milliseconds) {}
