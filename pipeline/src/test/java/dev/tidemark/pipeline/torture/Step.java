package dev.tidemark.pipeline.torture;

import java.util.Locale;

/** One step of a schedule; each is carried out before the next begins. */
sealed interface Step {
  /** Hours of the source's time, counted from {@link SourceRows#START}. */
  record Hours(int from, int count) {}

  /** New events, in a transaction of their own. */
  record Insert(long first, int count, Hours hours) implements Step {}

  /** New events, in a transaction that stays open. */
  record Hold(int slot, long first, int count, Hours hours) implements Step {}

  /** The end of such a transaction. */
  record Release(int slot, boolean commit) implements Step {}

  /** Events that the source has are sent again. */
  record Redeliver(Delivery delivery, int count, long salt) implements Step {}

  /** How an event is sent again. */
  enum Delivery {
    /** With other content, which the source passes over, since it has the event. */
    AGAIN,
    /** The row is replaced by one like it, which arrives anew. */
    REPLACED,
    /** The row of an event that was landed for sure is replaced by one with other content. */
    CHANGED
  }

  /** Rows that the door refuses. */
  record Break(long first, int count, Hours hours) implements Step {}

  /** Some of them are deleted. */
  record DeleteBroken(long salt) implements Step {}

  /** Some of them are replaced by good rows of the same identity. */
  record Mend(long salt) implements Step {}

  /** Rows of a week move out of the default partition, where nobody is in the way. */
  record NewPartition(int week) implements Step {}

  /** The server ends the pipeline's connections. */
  record Cut() implements Step {}

  /** A worker begins with a command. */
  record Start(int worker, Command command, Fault fault) implements Step {}

  /** The worker's command ends, however it ends. */
  record Await(int worker) implements Step {}

  /** What a worker is told to do. */
  enum Command {
    RUN,
    REPAIR,
    RECONCILE,
    MAINTAIN;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What befalls a worker at its command. */
  sealed interface Fault {
    /** Nothing. */
    record None() implements Fault {}

    /** SIGKILL after some time, if it is still at work. */
    record KillAfter(int millis) implements Fault {}

    /** SIGKILL exactly before or after a commit of a table. */
    record KillAt(String table, int number, boolean written) implements Fault {}

    /** Storage fails at a commit of a table, before or after it has taken it. */
    record LoseAnswer(String table, int number, boolean written) implements Fault {}
  }
}
