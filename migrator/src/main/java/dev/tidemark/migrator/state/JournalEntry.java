package dev.tidemark.migrator.state;

import java.util.Optional;

/**
 * A statement in the journal.
 *
 * @param id ascending in the order of execution
 * @param number its place in the script, from 1
 * @param hash SHA-256 of its canonical text, placeholders filled in
 * @param transaction the transaction it was executed in; empty outside of one
 * @param done whether it is known to be done
 * @param failed whether it is known to have failed
 */
public record JournalEntry(
    long id, int number, String hash, Optional<String> transaction, boolean done, boolean failed) {}
