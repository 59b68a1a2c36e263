package dev.tidemark.pipeline.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void aSeedGivesTheSameScheduleAndAnotherAnother() {
    assertThat(Schedule.of(7, 20)).isEqualTo(Schedule.of(7, 20));
    assertThat(Schedule.of(7, 20).steps()).isNotEqualTo(Schedule.of(8, 20).steps());
  }

  @Test
  void everythingHappensInSomeScheduleAndWhatBeginsEnds() {
    Set<Class<?>> steps = new HashSet<>();
    Set<Class<?>> faults = new HashSet<>();
    Set<Step.Command> commands = new HashSet<>();
    boolean overlap = false;
    for (long seed = 0; seed < 30; seed++) {
      int busy = 0;
      int held = 0;
      long next = 1;
      List<Step> schedule = Schedule.of(seed, 10).steps();
      assertThat(schedule).filteredOn(Step.Start.class::isInstance).hasSize(10);
      for (Step step : schedule) {
        steps.add(step.getClass());
        if (step instanceof Step.Start start) {
          faults.add(start.fault().getClass());
          commands.add(start.command());
          overlap |= ++busy == Schedule.WORKERS;
        } else if (step instanceof Step.Await) {
          busy--;
        } else if (step instanceof Step.Hold) {
          held++;
        } else if (step instanceof Step.Release) {
          held--;
        } else if (step instanceof Step.Insert insert) {
          assertThat(insert.first()).as("numbers are not used twice").isGreaterThanOrEqualTo(next);
          next = insert.first() + insert.count();
        }
      }
      assertThat(busy).as("seed %s: all commands are awaited", seed).isZero();
      assertThat(held).as("seed %s: all transactions end", seed).isZero();
    }
    assertThat(overlap).isTrue();
    assertThat(steps).containsExactlyInAnyOrder(Step.class.getPermittedSubclasses());
    assertThat(faults).containsExactlyInAnyOrder(Step.Fault.class.getPermittedSubclasses());
    assertThat(commands).containsExactlyInAnyOrderElementsOf(Arrays.asList(Step.Command.values()));
  }
}
