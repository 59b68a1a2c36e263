package dev.tidemark.benchmarks.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;

/** Deliveries as Parquet files in a folder, in the order of arrival, as a sender writes them. */
public final class EventFiles {
  /** Deliveries in a file. */
  private static final long A_FILE = 1_000_000;

  private static final int DICTIONARY_BYTES = 4 << 20;
  private static final long ROW_GROUP_BYTES = 128L << 20;
  private static final String TOTALS = "_totals.json";

  private final EventSequence sequence;
  private final EventWriter.Texts texts;
  private final int threads;
  private final Consumer<String> progress;

  /**
   * Files of a sequence.
   *
   * @param threads how many files are written at once
   * @param progress hears how many are written
   */
  public EventFiles(EventSequence sequence, int threads, Consumer<String> progress) {
    this.sequence = sequence;
    this.texts = EventWriter.Texts.of(sequence);
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * Writes all deliveries into a folder of their own below the given one, unless they are there.
   *
   * @param name of the folder; the same for the same sequence
   */
  public Written all(Path below, String name) throws IOException, InterruptedException {
    Path folder = below.resolve(name);
    Path kept = folder.resolve(TOTALS);
    if (!Files.exists(kept)) {
      delete(folder);
      Totals totals = write(folder, 0, sequence.deliveries());
      Files.writeString(kept, TotalsFile.text(totals));
      return new Written(folder, totals);
    }
    return new Written(folder, TotalsFile.parse(Files.readString(kept)));
  }

  /**
   * Files, and what is in them.
   *
   * @param folder holds nothing else, but for names that begin with "_"
   * @param totals without re-deliveries
   */
  public record Written(Path folder, Totals totals) {
    /** The files in order. */
    public List<Path> files() throws IOException {
      try (Stream<Path> all = Files.list(folder)) {
        return all.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
      }
    }
  }

  /**
   * Writes deliveries into a folder.
   *
   * @param from number of the first
   * @param to number after the last
   * @return what those among them add up to that are no re-deliveries
   */
  public Totals write(Path folder, long from, long to) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    AtomicLong written = new AtomicLong();
    try {
      List<Future<Totals>> parts = new ArrayList<>();
      for (long first = from; first < to; first += A_FILE) {
        long begin = first;
        long end = Math.min(to, first + A_FILE);
        Path file = folder.resolve("events-%010d.parquet".formatted(begin));
        parts.add(
            pool.submit(
                () -> {
                  Totals totals = writeFile(file, begin, end);
                  told(written.addAndGet(end - begin), to - from);
                  return totals;
                }));
      }
      Totals totals = Totals.NOTHING;
      for (Future<Totals> part : parts) {
        totals = totals.plus(part.get());
      }
      return totals;
    } catch (ExecutionException e) {
      throw new IOException("events could not be written into " + folder, e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private synchronized void told(long written, long all) {
    progress.accept("generating: %,d of %,d events".formatted(written, all));
  }

  private Totals writeFile(Path file, long from, long to) throws IOException {
    Totals.Counter counter = new Totals.Counter();
    Event event = new Event();
    try (ParquetWriter<Event> writer =
        new EventWriter.Builder(new LocalOutputFile(file), texts)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withDictionaryPageSize(DICTIONARY_BYTES)
            .withDictionaryEncoding("event_id", false)
            .withDictionaryEncoding("occurred_at", false)
            .withDictionaryEncoding("received_at", false)
            .build()) {
      for (long number = from; number < to; number++) {
        sequence.fill(number, event);
        counter.add(event);
        writer.write(event);
      }
    }
    return counter.totals();
  }

  /** Takes a folder away with all that is in it; nothing where there is none. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
