package dev.tidemark.pipeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongPagesTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void runsLieWithinAPageAndApartFromOneAnother(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LongPages pages = new LongPages();
    for (int round = 0; round < 2; round++) {
      List<long[]> runs = new ArrayList<>();
      for (int number = 0; number < 3_000; number++) {
        int length = 1 << random.nextInt(11);
        long address = pages.allocate(length);
        int offset = LongPages.offset(address);
        Arrays.fill(pages.page(address), offset, offset + length, number);
        runs.add(new long[] {address, length});
      }
      for (int number = 0; number < runs.size(); number++) {
        long address = runs.get(number)[0];
        int offset = LongPages.offset(address);
        long[] run =
            Arrays.copyOfRange(pages.page(address), offset, offset + (int) runs.get(number)[1]);
        assertThat(run).containsOnly(number);
      }
      pages.clear();
      assertThat(pages.bytes()).isZero();
    }
  }
}
