package dev.tidemark.migrator.lint;

import java.util.List;
import java.util.stream.Stream;

/** Every rule. */
final class Rules {
  /** Goes up when a rule is added or judges otherwise, so that results kept before are not used. */
  static final int VERSION = 3;

  private static final List<Rule> ALL =
      Stream.of(
              LockingRules.all(),
              RewritingRules.all(),
              DestructiveRules.all(),
              DataDependentRules.all(),
              IncompatibleRules.all(),
              SecurityRules.all(),
              PracticeRules.all(),
              ScriptRules.all(),
              Suppressions.RULES)
          .flatMap(List::stream)
          .toList();

  private Rules() {}

  static List<Rule> all() {
    return ALL;
  }
}
