package dev.tidemark.pipeline.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.runs.UnendedRun.State;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnendedRunTest {
  private static final Instant RUN_BEGAN = Instant.parse("2026-11-26T10:00:05Z");

  @Test
  void aRunIsAtWorkAsLongAsItsOwnProcess() {
    assertThat(state("7@here", Optional.of(RUN_BEGAN.minusSeconds(5)))).isEqualTo(State.RUNNING);
    assertThat(state("7@here", Optional.empty())).isEqualTo(State.KILLED);
  }

  /** Numbers of processes are used again. */
  @Test
  void aProcessThatBeganLaterIsAnother() {
    assertThat(state("7@here", Optional.of(RUN_BEGAN.plusSeconds(1)))).isEqualTo(State.KILLED);
  }

  @Test
  void ofAnotherMachineNothingIsKnown() {
    assertThat(state("7@there", Optional.empty())).isEqualTo(State.UNKNOWN);
    assertThat(state("who knows", Optional.empty())).isEqualTo(State.UNKNOWN);
  }

  private static State state(String process, Optional<Instant> began) {
    return UnendedRun.state(RUN_BEGAN, process, "here", number -> began);
  }
}
