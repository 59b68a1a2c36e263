package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.changeset.Statement;
import dev.tidemark.migrator.digest.Sha256;
import dev.tidemark.migrator.state.Journal;
import dev.tidemark.migrator.state.JournalEntry;
import dev.tidemark.migrator.state.ScriptKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How far a script without a transaction has come.
 *
 * @param statements how many it has
 * @param done numbers of the statements that are done
 * @param doubtful the statement that nobody saw the end of and that the catalogue knows nothing
 *     final about; empty if there is none
 * @param evidence what the catalogue tells about that one, or about the last that was found done
 * @param edited numbers of statements that are not those which were executed
 */
record Progress(
    int statements,
    Set<Integer> done,
    Optional<JournalEntry> doubtful,
    Optional<Evidence.Finding> evidence,
    Set<Integer> edited) {

  /** What a script that was never begun has done. */
  static Progress none(Script script) {
    return new Progress(
        script.statements().size(), Set.of(), Optional.empty(), Optional.empty(), Set.of());
  }

  /**
   * Reads journal and catalogue.
   *
   * @param connection whose search path is that of scripts
   */
  static Progress of(
      Connection connection,
      Journal journal,
      String version,
      ScriptKind kind,
      Script script,
      Map<String, String> placeholders)
      throws SQLException {
    Map<Integer, JournalEntry> entries = new TreeMap<>();
    for (JournalEntry entry : journal.unsettled(version, kind)) {
      entries.merge(entry.number(), entry, (one, other) -> one.done() ? one : other);
    }
    Set<Integer> done = new TreeSet<>();
    Set<Integer> edited = new TreeSet<>();
    Optional<JournalEntry> doubtful = Optional.empty();
    Optional<Evidence.Finding> evidence = Optional.empty();
    for (JournalEntry entry : entries.values()) {
      Optional<String> canonical = canonical(script, entry.number(), placeholders);
      boolean same = canonical.map(Sha256::hex).filter(entry.hash()::equals).isPresent();
      if (entry.done()) {
        done.add(entry.number());
      } else if (entry.transaction().isEmpty()) {
        Optional<Evidence.Finding> found =
            same ? Optional.of(Evidence.of(connection, canonical.get())) : Optional.empty();
        if (entry.failed() && found.filter(Evidence.Finding::isLeftOver).isEmpty()) {
          continue;
        }
        doubtful = Optional.of(entry);
        evidence = found;
      } else {
        continue;
      }
      if (!same) {
        edited.add(entry.number());
      }
    }
    if (evidence.filter(found -> found.verdict() == Evidence.Verdict.DONE).isPresent()) {
      done.add(doubtful.orElseThrow().number());
    }
    return new Progress(script.statements().size(), done, doubtful, evidence, edited);
  }

  private static Optional<String> canonical(
      Script script, int number, Map<String, String> placeholders) {
    if (number > script.statements().size()) {
      return Optional.empty();
    }
    Statement statement = script.statements().get(number - 1);
    return Optional.of(statement.filledCanonical(script.file(), placeholders));
  }

  /** Whether anything of it is there, or may be. */
  boolean begun() {
    return !done.isEmpty() || doubtful.isPresent() && !is(Evidence.Verdict.NOT_DONE);
  }

  /** Whether every statement is done. */
  boolean complete() {
    return done.size() == statements;
  }

  /** Whether the catalogue's verdict on the statement that nobody saw the end of is this one. */
  boolean is(Evidence.Verdict verdict) {
    return evidence.filter(found -> found.verdict() == verdict).isPresent();
  }

  /** Whether nobody can tell what became of the statement that nobody saw the end of. */
  boolean unknown() {
    return doubtful.isPresent() && (evidence.isEmpty() || is(Evidence.Verdict.UNKNOWN));
  }

  /** The number of the statement to go on with. */
  int next() {
    int next = 1;
    while (done.contains(next)) {
      next++;
    }
    return next;
  }

  /** For people, such as "statements 1, 2 of 5 are done". */
  String words() {
    if (done.isEmpty()) {
      return "none of its %d statements is done".formatted(statements);
    }
    String numbers = done.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return done.size() == 1
        ? "statement %s of %d is done".formatted(numbers, statements)
        : "statements %s of %d are done".formatted(numbers, statements);
  }
}
