package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.state.FailureState;
import java.util.Locale;

/** What to do about a change set that is not as it should be; the runbook says it at length. */
final class Remedies {
  private Remedies() {}

  static String of(String version, FailureState state) {
    return switch (state) {
      case FAILED_AND_ROLLED_BACK, FAILED_PART_WAY ->
          "mend the cause, then %s with --retry; or undo it with `tidemark migrate rollback --last 1`"
              .formatted(resolve(version));
      case INVALID_INDEX ->
          "mend the cause, then %s with --retry: apply drops the index and builds it anew; or undo it with `tidemark migrate rollback --last 1`"
              .formatted(resolve(version));
      case ROLLBACK_FAILED ->
          "mend the cause, then run `tidemark migrate rollback --last 1` again; or %s"
              .formatted(resolve(version));
      case ROLLED_BACK ->
          "mend the cause, then %s with --retry, so that it may be applied again"
              .formatted(resolve(version));
      case HISTORY_DISAGREES ->
          "look at what is there, then %s with --mark-applied or --mark-rolled-back"
              .formatted(resolve(version));
      case STILL_RUNNING -> "wait until its session ends, or end it";
      case INTERRUPTED, INTERRUPTED_AFTER_FINISH, STOPPED_IN_DATA_STEP -> goOn(true);
    };
  }

  /** A failure state as it is named in status and runbook. */
  static String words(FailureState state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  static String stillRunning(int process) {
    return "wait until it ends, or end it with SELECT pg_terminate_backend(%d); then look again"
        .formatted(process);
  }

  static String goOn(boolean apply) {
    return apply
        ? "`tidemark migrate apply` goes on with it; `tidemark migrate rollback --last 1` undoes it"
        : "`tidemark migrate rollback --last 1` goes on with it";
  }

  static String resolve(String version) {
    return "`tidemark migrate resolve " + version + " --reason …`";
  }
}
