package dev.tidemark.pipeline.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresSnapshotTest {
  @Test
  void theTextFormIsReadAndWritten() {
    PostgresSnapshot snapshot = PostgresSnapshot.parse("10:20:10,14,15");

    assertThat(snapshot).isEqualTo(new PostgresSnapshot(10, 20, List.of(10L, 14L, 15L)));
    assertThat(snapshot).hasToString("10:20:10,14,15");
    assertThat(PostgresSnapshot.parse("7:7:")).isEqualTo(new PostgresSnapshot(7, 7, List.of()));
    assertThat(PostgresSnapshot.parse("7:7:")).hasToString("7:7:");
  }

  /** Plays transactions that begin and end, and asks which of them had ended. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatHadEndedIsSeenAndNothingElse(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    long next = 3 + random.nextLong(1_000);
    long first = next;
    List<Long> running = new ArrayList<>();
    Set<Long> ended = new HashSet<>();
    for (int step = 0; step < 60; step++) {
      if (running.isEmpty() || random.nextBoolean()) {
        running.add(next++);
      } else {
        ended.add(running.remove(random.nextInt(running.size())));
      }
    }
    long xmin = running.stream().mapToLong(Long::longValue).min().orElse(next);
    String list = String.join(",", running.stream().map(String::valueOf).toList());

    PostgresSnapshot snapshot = PostgresSnapshot.parse(xmin + ":" + next + ":" + list);

    for (long transaction = first; transaction < next + 10; transaction++) {
      assertThat(snapshot.sees(transaction))
          .as("transaction %d in %s", transaction, snapshot)
          .isEqualTo(ended.contains(transaction));
    }
  }

  @Test
  void theConditionsNameUpperBoundAndTransactionsInProgress() {
    PostgresSnapshot snapshot = PostgresSnapshot.parse("10:20:10,14");

    assertThat(snapshot.unseen("x")).isEqualTo("x >= 20 OR x = ANY ('{10,14}'::bigint[])");
    assertThat(snapshot.seen("x")).isEqualTo("NOT (x >= 20 OR x = ANY ('{10,14}'::bigint[]))");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":", "::", "1:2", "1:2:3:4", "a:2:", "1:b:", "1:2:c", "1:3:1,,2", "5:4:"})
  void otherTextIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> PostgresSnapshot.parse(text));
  }
}
