package dev.tidemark.migrator.rule;

import java.util.Optional;

/**
 * A rule that is broken.
 *
 * @param rule its id
 * @param table the table, view, type or function that breaks it
 * @param column the column; empty if it is about the whole object
 * @param message what is wrong, one sentence without a full stop
 * @param remedy what to do about it
 */
public record Finding(
    String rule, String table, Optional<String> column, String message, String remedy) {}
