package dev.tidemark.pipeline.torture;

import dev.tidemark.pipeline.torture.Step.Command;
import dev.tidemark.pipeline.torture.Step.Delivery;
import dev.tidemark.pipeline.torture.Step.Fault;
import dev.tidemark.pipeline.torture.Step.Hours;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What happens in one round: the same steps for the same seed and length. How the steps of two
 * workers fall between each other is left to the machine.
 */
record Schedule(long seed, List<Step> steps) {
  /** How many workers there are. */
  static final int WORKERS = 2;

  /** How many transactions are held open at once. */
  static final int SLOTS = 2;

  /** Weeks that the source's time may reach. */
  static final int WEEKS = 3;

  private static final int HOURS_A_WEEK = 168;

  /** The tables that each command commits to; those twice that matter most. */
  private static final Map<Command, List<String>> TABLES =
      Map.of(
          Command.RUN,
          List.of(
              "usage_events",
              "usage_events",
              "usage_hourly",
              "usage_hourly",
              "usage_daily",
              "landings",
              "quarantined_events",
              "window_revisions",
              "job_runs"),
          Command.MAINTAIN,
          List.of("usage_events", "usage_hourly", "usage_daily", "landings"),
          Command.REPAIR,
          List.of("job_runs", "reconciliation_results"),
          Command.RECONCILE,
          List.of("job_runs", "reconciliation_results"));

  /** A schedule of so many commands. */
  static Schedule of(long seed, int commands) {
    return new Schedule(seed, new Drawing(seed).draw(commands));
  }

  private static final class Drawing {
    private final RandomGenerator random;
    private final List<Step> steps = new ArrayList<>();
    private final boolean[] held = new boolean[SLOTS];
    private final boolean[] busy = new boolean[WORKERS];
    private long next = 1;

    /** Just before a month ends. */
    private int clock = 210;

    Drawing(long seed) {
      random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    List<Step> draw(int commands) {
      insert();
      for (int started = 0; started < commands; ) {
        for (int i = random.nextInt(1, 4); i > 0; i--) {
          source();
        }
        int worker = random.nextInt(WORKERS);
        if (busy[worker]) {
          await(worker);
        }
        start(worker, command());
        started++;
        int other = (worker + 1) % WORKERS;
        if (!busy[other] && started < commands && random.nextInt(2) == 0) {
          if (random.nextInt(3) == 0) {
            source();
          }
          start(other, random.nextInt(3) == 0 ? command() : Command.RUN);
          started++;
        }
        if (random.nextInt(8) == 0) {
          steps.add(new Step.Cut());
        }
        for (int each = 0; each < WORKERS; each++) {
          if (busy[each] && random.nextInt(3) > 0) {
            await(each);
          }
        }
      }
      for (int each = 0; each < WORKERS; each++) {
        if (busy[each]) {
          await(each);
        }
      }
      for (int slot = 0; slot < SLOTS; slot++) {
        if (held[slot]) {
          release(slot, true);
        }
      }
      return List.copyOf(steps);
    }

    private void await(int worker) {
      steps.add(new Step.Await(worker));
      busy[worker] = false;
    }

    /** A fault at a commit is worth little where there is nothing to commit. */
    private void start(int worker, Command command) {
      Fault fault = fault(command);
      if (command == Command.RUN && !(fault instanceof Fault.None)) {
        insert();
        steps.add(new Step.Break(next, count(2), late()));
      }
      steps.add(new Step.Start(worker, command, fault));
      busy[worker] = true;
    }

    private Command command() {
      return switch (random.nextInt(10)) {
        case 0 -> Command.REPAIR;
        case 1 -> Command.RECONCILE;
        case 2 -> Command.MAINTAIN;
        default -> Command.RUN;
      };
    }

    private Fault fault(Command command) {
      int number = random.nextInt(4) == 0 ? 2 : 1;
      boolean written = random.nextBoolean();
      List<String> tables = TABLES.get(command);
      String table = tables.get(random.nextInt(tables.size()));
      return switch (random.nextInt(10)) {
        case 0, 1 -> new Fault.KillAfter(random.nextInt(300, 9_000));
        case 2, 3, 4 -> new Fault.KillAt(table, number, written);
        case 5, 6 -> new Fault.LoseAnswer(table, number, written);
        default -> new Fault.None();
      };
    }

    private void source() {
      int slot = random.nextInt(SLOTS);
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> insert();
        case 3 -> insertLate();
        case 4 -> {
          if (held[slot]) {
            release(slot, random.nextInt(4) > 0);
          } else {
            steps.add(new Step.Hold(slot, next, count(20), late()));
            held[slot] = true;
          }
        }
        case 5 -> redeliver(Delivery.AGAIN);
        case 6, 7 -> redeliver(Delivery.REPLACED);
        case 8 -> redeliver(Delivery.CHANGED);
        case 9 -> steps.add(new Step.Break(next, count(6), late()));
        case 10 ->
            steps.add(
                random.nextBoolean()
                    ? new Step.DeleteBroken(random.nextLong())
                    : new Step.Mend(random.nextLong()));
        default -> partition();
      }
    }

    private void insert() {
      steps.add(new Step.Insert(next, count(60), new Hours(clock, 2)));
      clock += random.nextInt(1, 30);
    }

    private void insertLate() {
      steps.add(new Step.Insert(next, count(20), late()));
    }

    private Hours late() {
      return new Hours(random.nextInt(clock), random.nextInt(1, 4));
    }

    private void redeliver(Delivery delivery) {
      steps.add(new Step.Redeliver(delivery, random.nextInt(1, 12), random.nextLong()));
    }

    /** A partition waits for whoever has written to the table. */
    private void partition() {
      for (int slot = 0; slot < SLOTS; slot++) {
        if (held[slot]) {
          release(slot, true);
        }
      }
      steps.add(
          new Step.NewPartition(random.nextInt(1 + Math.min(WEEKS - 1, clock / HOURS_A_WEEK))));
    }

    private void release(int slot, boolean commit) {
      steps.add(new Step.Release(slot, commit));
      held[slot] = false;
    }

    private int count(int most) {
      int count = random.nextInt(1, most + 1);
      next += count;
      return count;
    }
  }
}
