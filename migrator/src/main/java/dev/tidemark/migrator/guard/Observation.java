package dev.tidemark.migrator.guard;

import java.time.Instant;
import java.util.Optional;

/**
 * How a relation that a contract change set wants to take away is used.
 *
 * @param changeSet name of the change set's folder
 * @param kind table or index
 * @param relation its name
 * @param counters what it was used for since the server's statistics began, in words
 * @param unusedSince when the counters were first seen as they are; empty if nothing is known
 * @param unknown why nothing is known; empty if something is
 */
public record Observation(
    String changeSet,
    String kind,
    String relation,
    String counters,
    Optional<Instant> unusedSince,
    String unknown) {}
