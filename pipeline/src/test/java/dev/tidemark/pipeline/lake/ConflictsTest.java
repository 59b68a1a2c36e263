package dev.tidemark.pipeline.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConflictsTest {
  @Test
  void everyAttemptThatIsLostIsTold() {
    List<String> lost = new ArrayList<>();
    int[] attempts = {0};

    String result =
        Conflicts.retry(
            "the work",
            (what, again) -> lost.add(what + " " + again),
            () -> ++attempts[0] < 3 ? Optional.empty() : Optional.of("done"));

    assertThat(result).isEqualTo("done");
    assertThat(lost).containsExactly("the work true", "the work true");
  }
}
