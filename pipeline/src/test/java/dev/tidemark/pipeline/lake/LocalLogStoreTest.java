package dev.tidemark.pipeline.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLogStoreTest {
  private static final int WRITERS = 4;
  private static final int VERSIONS = 500;

  @TempDir java.nio.file.Path folder;

  private final Configuration hadoop = new Configuration();

  @Test
  void ofManyWhoWriteAVersionAtOnceOneWins() throws Exception {
    CyclicBarrier start = new CyclicBarrier(WRITERS);
    int[][] winners = new int[WRITERS][VERSIONS];
    ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<Void>> writers =
          pool.invokeAll(
              IntStream.range(0, WRITERS)
                  .<Callable<Void>>mapToObj(
                      writer ->
                          () -> {
                            LocalLogStore store = new LocalLogStore(hadoop);
                            for (int version = 0; version < VERSIONS; version++) {
                              start.await();
                              winners[writer][version] = won(store, version, "" + writer) ? 1 : 0;
                            }
                            return null;
                          })
                  .toList());
      for (Future<Void> writer : writers) {
        writer.get();
      }
    } finally {
      pool.shutdownNow();
    }
    for (int version = 0; version < VERSIONS; version++) {
      int each = version;
      List<Integer> won =
          IntStream.range(0, WRITERS).filter(w -> winners[w][each] == 1).boxed().toList();
      assertThat(won).as("winners of version %s", version).hasSize(1);
      assertThat(Files.readAllLines(file(version))).containsExactly("" + won.get(0), "ä");
    }
    try (Stream<java.nio.file.Path> files = Files.list(folder)) {
      assertThat(files).as("nothing is left over").hasSize(VERSIONS);
    }
  }

  @Test
  void whatIsToBeOverwrittenIs() throws IOException {
    LocalLogStore store = new LocalLogStore(hadoop);
    assertThat(won(store, 1, "first")).isTrue();
    store.write(path(1), List.of("second").iterator(), true, hadoop);
    assertThat(Files.readAllLines(file(1))).containsExactly("second");
    assertThatThrownBy(
            () ->
                store.write(
                    new Path(folder.resolve("not/there.json").toUri()),
                    List.of("x").iterator(),
                    false,
                    hadoop))
        .isInstanceOf(IOException.class);
  }

  private boolean won(LocalLogStore store, int version, String line) throws IOException {
    try {
      store.write(path(version), List.of(line, "ä").iterator(), false, hadoop);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private Path path(int version) {
    return new Path(file(version).toUri());
  }

  private java.nio.file.Path file(int version) {
    return folder.resolve("%020d.json".formatted(version));
  }
}
