package dev.tidemark.migrator.operation;

import com.typesafe.config.Config;
import dev.tidemark.migrator.approval.ApprovalGate;
import dev.tidemark.migrator.datastep.DataStepSettings;
import dev.tidemark.migrator.guard.Guards;
import dev.tidemark.migrator.lint.LintGate;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What holds an operation back, and what it leaves behind beside its journal.
 *
 * @param lint judges what is about to be applied
 * @param dataSteps how data steps spare the server
 * @param guards look at the server, the time and the change sets before anything is done
 * @param approvals who has to agree
 * @param records audit chain and artifacts
 */
record Gates(
    LintGate lint,
    DataStepSettings dataSteps,
    Guards guards,
    ApprovalGate approvals,
    Records records) {
  /** For throw-away databases, where change sets can do no harm: all is open, nothing is kept. */
  static final Gates OPEN =
      new Gates(
          LintGate.OPEN, DataStepSettings.UNGOVERNED, Guards.NONE, ApprovalGate.OPEN, Records.NONE);

  /**
   * Gates as the configuration has them.
   *
   * @param lint judges what is about to be applied
   */
  static Gates of(Config config, LintGate lint, Map<String, String> placeholders) {
    return new Gates(
        lint,
        DataStepSettings.of(config),
        Guards.of(config, placeholders),
        ApprovalGate.of(config),
        Records.of(config, placeholders));
  }

  /** The same, but the maintenance window need not be open. */
  Gates outsideWindow(String reason) {
    return new Gates(lint, dataSteps, guards.outsideWindow(reason), approvals, records);
  }

  /** The same, but approvals need not be there. */
  Gates breakingGlass(String reason) {
    return new Gates(lint, dataSteps, guards, approvals.broken(reason), records);
  }

  /** Why a person passes something by, to be kept with the operation. */
  Optional<String> reasons() {
    return Stream.of(guards.reason(), approvals.brokenFor().map(reason -> "break-glass: " + reason))
        .flatMap(Optional::stream)
        .reduce((one, other) -> one + "; " + other);
  }
}
