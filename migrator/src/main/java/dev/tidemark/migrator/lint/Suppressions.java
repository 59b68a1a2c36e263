package dev.tidemark.migrator.lint;

import static dev.tidemark.migrator.lint.Hazard.SCRIPT;
import static dev.tidemark.migrator.lint.Level.ERROR;
import static dev.tidemark.migrator.lint.Level.WARNING;

import dev.tidemark.migrator.changeset.Comment;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.changeset.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The exceptions that a script asks for: {@code -- tidemark:allow RULE[, RULE]: reason} above, in
 * or at the end of the line of the statement that it is about.
 */
final class Suppressions {
  private static final Pattern FORM =
      Pattern.compile("(?:--|/\\*)\\s*tidemark:allow\\b([^:]*)(?::(.*))?", Pattern.DOTALL);
  private static final String UNUSED = "unused-suppression";
  private static final String WITHOUT_REASON = "suppression-without-reason";

  /** What is found here and not in a trace. */
  static final List<Rule> RULES =
      List.of(
          Rule.of(
              UNUSED,
              SCRIPT,
              WARNING,
              "take it out, or correct the rule's name: docs/lint.md lists them",
              step -> Stream.of()),
          Rule.of(
              WITHOUT_REASON,
              SCRIPT,
              ERROR,
              "write -- tidemark:allow RULE: why it does no harm here",
              step -> Stream.of()));

  private record Suppression(
      Set<String> rules, String reason, Comment comment, Optional<Statement> statement) {}

  private final Script script;
  private final List<Suppression> suppressions;

  private Suppressions(Script script, List<Suppression> suppressions) {
    this.script = script;
    this.suppressions = suppressions;
  }

  static Suppressions of(Script script) {
    List<Suppression> found = new ArrayList<>();
    for (Comment comment : script.comments()) {
      Matcher form = FORM.matcher(comment.text());
      if (form.find()) {
        Set<String> rules = new LinkedHashSet<>(List.of(form.group(1).strip().split("[,\\s]+")));
        String reason =
            form.group(2) == null ? "" : form.group(2).replaceFirst("\\*/$", "").strip();
        found.add(new Suppression(rules, reason, comment, statement(script, comment)));
      }
    }
    return new Suppressions(script, List.copyOf(found));
  }

  private static Optional<Statement> statement(Script script, Comment comment) {
    return script.statements().stream()
        .filter(statement -> statement.lastLine() >= comment.line())
        .findFirst();
  }

  /** Takes the findings out that the script gives a reason for, and adds those about exceptions. */
  LintResult apply(List<Finding> findings) {
    List<Finding> standing = new ArrayList<>();
    List<LintResult.Suppressed> suppressed = new ArrayList<>();
    for (Finding finding : findings) {
      Optional<Suppression> allowing =
          suppressions.stream()
              .filter(suppression -> !suppression.reason().isEmpty())
              .filter(suppression -> covers(suppression, finding))
              .findFirst();
      if (allowing.isPresent()) {
        suppressed.add(new LintResult.Suppressed(finding, allowing.get().reason()));
      } else {
        standing.add(finding);
      }
    }
    for (Suppression suppression : suppressions) {
      if (suppression.reason().isEmpty()) {
        standing.add(finding(WITHOUT_REASON, suppression, "An exception has no reason"));
        continue;
      }
      for (String rule : suppression.rules()) {
        boolean used =
            suppressed.stream()
                .map(LintResult.Suppressed::finding)
                .anyMatch(finding -> finding.rule().equals(rule) && covers(suppression, finding));
        if (!used) {
          boolean known = Rules.all().stream().anyMatch(any -> any.id().equals(rule));
          standing.add(
              finding(
                  UNUSED,
                  suppression,
                  known
                      ? "The statement does not break " + rule
                      : "There is no rule \"" + rule + "\""));
        }
      }
    }
    return new LintResult(script.file(), List.copyOf(standing), List.copyOf(suppressed), Set.of());
  }

  private static boolean covers(Suppression suppression, Finding finding) {
    return suppression.rules().contains(finding.rule())
        && suppression.statement().filter(s -> s.line() == finding.line()).isPresent();
  }

  private Finding finding(String id, Suppression suppression, String message) {
    Rule rule =
        RULES.stream().filter(candidate -> candidate.id().equals(id)).findFirst().orElseThrow();
    return new Finding(
        id,
        rule.level(),
        script.file(),
        suppression.comment().line(),
        suppression.comment().text(),
        Optional.empty(),
        Optional.empty(),
        message + ".",
        rule.remedy(),
        Optional.empty());
  }
}
