package dev.tidemark.pipeline.backfill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A file that steers a backfill while it runs; looked at again and again, and never written. */
final class ControlFile implements Supplier<Control> {
  private static final int MOST_BYTES = 10_000;
  private static final int SHOWN = 60;

  private final Optional<Path> file;
  private final Consumer<String> notice;
  private final Set<String> told = new HashSet<>();

  /**
   * A control file.
   *
   * @param file empty for none
   * @param notice is told, once, of each line that cannot be used
   */
  ControlFile(Optional<Path> file, Consumer<String> notice) {
    this.file = file;
    this.notice = notice;
  }

  /** What the file asks for now; where it is not there, nothing. */
  @Override
  public Control get() {
    return file.filter(Files::exists).map(this::read).orElse(Control.NONE);
  }

  private Control read(Path path) {
    try {
      byte[] bytes;
      try (var stream = Files.newInputStream(path)) {
        bytes = stream.readNBytes(MOST_BYTES);
      }
      return Control.parse(new String(bytes, StandardCharsets.UTF_8), this::ignore);
    } catch (IOException e) {
      tell("The control file " + path + " cannot be read and is ignored: " + e);
      return Control.NONE;
    }
  }

  private void ignore(String line) {
    String shown = line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
    tell(
        "The line \"%s\" of the control file is ignored: it takes pause, resume, rate N (events a second) and rate none"
            .formatted(shown));
  }

  private void tell(String words) {
    if (told.size() < 100 && told.add(words)) {
      notice.accept(words);
    }
  }
}
