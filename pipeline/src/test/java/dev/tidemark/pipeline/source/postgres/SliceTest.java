package dev.tidemark.pipeline.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SliceTest {
  @ParameterizedTest
  @CsvSource({"0, 4", "1, 4", "4, 4", "5, 4", "8, 4", "9, 1", "3, 100"})
  void dividingCoversEveryBlockOnce(long blocks, long blocksEach) {
    List<Slice> slices = Slice.divide("leaf", blocks, blocksEach);

    assertThat(
            slices.stream()
                .flatMap(slice -> LongStream.range(slice.fromBlock(), slice.toBlock()).boxed()))
        .containsExactlyElementsOf(LongStream.range(0, blocks).boxed().toList());
    assertThat(slices)
        .allSatisfy(
            slice -> {
              assertThat(slice.leaf()).isEqualTo("leaf");
              assertThat(slice.weight())
                  .isBetween(1L, blocksEach)
                  .isEqualTo(slice.toBlock() - slice.fromBlock());
            });
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void packingKeepsOrderAndWeight(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<Slice> slices = new ArrayList<>();
    for (int i = random.nextInt(40); i > 0; i--) {
      slices.add(new Slice("leaf " + i, 0, 1, random.nextLong(1, 150)));
    }

    List<List<Slice>> tasks = Slice.pack(slices, 100);

    assertThat(tasks.stream().flatMap(List::stream)).containsExactlyElementsOf(slices);
    for (int i = 0; i < tasks.size(); i++) {
      List<Slice> task = tasks.get(i);
      assertThat(task).isNotEmpty();
      if (task.size() > 1) {
        assertThat(weight(task)).isLessThanOrEqualTo(100);
      }
      if (i > 0) {
        assertThat(weight(tasks.get(i - 1)) + task.get(0).weight())
            .as("task %d could not have held one more", i - 1)
            .isGreaterThan(100);
      }
    }
  }

  private static long weight(List<Slice> task) {
    return task.stream().mapToLong(Slice::weight).sum();
  }
}
