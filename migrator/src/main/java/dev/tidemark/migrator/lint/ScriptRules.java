package dev.tidemark.migrator.lint;

import static dev.tidemark.migrator.lint.Hazard.SCRIPT;
import static dev.tidemark.migrator.lint.Level.ERROR;
import static dev.tidemark.migrator.lint.Level.NOTE;
import static dev.tidemark.migrator.lint.Level.WARNING;

import dev.tidemark.migrator.trace.Kind;
import dev.tidemark.migrator.trace.StatementTrace.Outcome;
import java.util.List;
import java.util.stream.Stream;

/**
 * Statements that are no part of a change set, because the runner does it or nobody can undo it.
 */
final class ScriptRules {
  private ScriptRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(
            "transaction-control",
            SCRIPT,
            ERROR,
            "leave it out: a change set is one transaction, or with transactional = false none",
            step ->
                step.has(Outcome.TRANSACTION_CONTROL)
                    ? Stream.of(step.hit("It begins or ends a transaction within the runner's own"))
                    : Stream.of()),
        Rule.of(
            "beyond-the-database",
            SCRIPT,
            ERROR,
            "do it by hand or with the server's own tools: no transaction holds it and no rollback"
                + " undoes it",
            step ->
                step.has(Outcome.BEYOND_THE_DATABASE)
                    ? Stream.of(step.hit("It reaches beyond the database's own schemas"))
                    : Stream.of()),
        Rule.of(
            "session-setting",
            SCRIPT,
            WARNING,
            "leave it out: the runner sets timeouts and the search path, migrate.lock-timeout"
                + " changes them",
            step ->
                step.changed(Kind.SETTING)
                    .map(
                        change ->
                            step.hit(
                                "It sets %s to %s for the statements that follow",
                                change.after().name(), change.after().text("value")))),
        Rule.of(
            "vacuum",
            SCRIPT,
            NOTE,
            "leave it to autovacuum; ANALYZE alone is right after a large change of rows",
            step ->
                step.begins("VACUUM")
                    ? Stream.of(step.hit("It does maintenance, no change of a schema"))
                    : Stream.of()));
  }
}
