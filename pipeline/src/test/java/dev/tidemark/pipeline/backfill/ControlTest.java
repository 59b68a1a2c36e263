package dev.tidemark.pipeline.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlTest {
  private final List<String> nonsense = new ArrayList<>();

  @TempDir Path folder;

  @Test
  void theLastOrderOfItsKindCounts() {
    assertThat(parse("")).isEqualTo(Control.NONE);
    assertThat(parse("pause")).isEqualTo(new Control(true, OptionalLong.empty()));
    assertThat(parse("pause\nresume\n")).isEqualTo(Control.NONE);
    assertThat(parse("  Rate  2000 # over lunch\n\n# nothing\nPAUSE"))
        .isEqualTo(new Control(true, OptionalLong.of(2000)));
    assertThat(parse("rate 5\nrate none")).isEqualTo(Control.NONE);
    assertThat(nonsense).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stop",
        "rate",
        "rate 0",
        "rate -5",
        "rate 1.5",
        "rate 99999999999999999999",
        "pause now",
        "\u0000\u0001",
        "rate none x"
      })
  void nonsenseIsToldAndChangesNothing(String line) {
    assertThat(parse("rate 7\npause\n" + line + "\n"))
        .isEqualTo(new Control(true, OptionalLong.of(7)));
    assertThat(nonsense).hasSize(1);
  }

  @Test
  void theFileMayComeAndGoAndItsNonsenseIsToldOnce() throws Exception {
    Path path = folder.resolve("control");
    ControlFile file = new ControlFile(Optional.of(path), nonsense::add);
    assertThat(file.get()).isEqualTo(Control.NONE);
    Files.writeString(path, "pause\nfaster!");
    assertThat(file.get().paused()).isTrue();
    assertThat(file.get().paused()).isTrue();
    assertThat(nonsense).singleElement().asString().contains("faster!", "rate N");
    Files.write(path, new byte[] {(byte) 0xff, (byte) 0xfe, 'r'});
    assertThat(file.get()).isEqualTo(Control.NONE);
    Files.delete(path);
    assertThat(file.get()).isEqualTo(Control.NONE);
    Files.createDirectory(path);
    assertThat(file.get()).isEqualTo(Control.NONE);
    assertThat(nonsense.get(nonsense.size() - 1)).contains("cannot be read");
    assertThat(new ControlFile(Optional.empty(), nonsense::add).get()).isEqualTo(Control.NONE);
  }

  private Control parse(String text) {
    return Control.parse(text, nonsense::add);
  }
}
