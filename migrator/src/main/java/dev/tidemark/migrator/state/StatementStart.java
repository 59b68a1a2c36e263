package dev.tidemark.migrator.state;

import java.util.Optional;

/**
 * A statement that is about to be executed.
 *
 * @param run the run it is part of
 * @param script apply, rollback or verify
 * @param number its place in the script, from 1
 * @param hash SHA-256 of its canonical text, placeholders filled in
 * @param transaction the transaction it is executed in; empty outside of one
 */
public record StatementStart(
    long run, ScriptKind script, int number, String hash, Optional<String> transaction) {}
