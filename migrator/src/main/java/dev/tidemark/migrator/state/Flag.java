package dev.tidemark.migrator.state;

import java.time.Instant;

/**
 * A change set that must not be applied before a person has said what is to become of it.
 *
 * @param changeSet its version
 * @param state what is wrong
 * @param message what happened
 * @param raisedAt when, by the server's clock
 */
public record Flag(String changeSet, FailureState state, String message, Instant raisedAt) {}
