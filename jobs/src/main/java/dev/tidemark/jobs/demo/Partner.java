package dev.tidemark.jobs.demo;

import dev.tidemark.jobs.failure.JobsFailures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The partner of the story, who delivers JSON lines: late, partly twice, and not all of it good.
 */
final class Partner {
  /**
   * One breach each of: tokens below zero, an unknown status, no time; and a line that is no JSON.
   */
  private static final List<String> BROKEN =
      List.of(
          """
          {"id":"broken-1","time":"2026-11-01T10:00:00Z","status":"success","prompt_tokens":-5}""",
          """
          {"id":"broken-2","time":"2026-11-01T10:00:00Z","status":"success","completion_tokens":-1}""",
          """
          {"id":"broken-3","time":"2026-11-01T10:00:00Z","status":"perhaps","prompt_tokens":5}""",
          """
          {"id":"broken-4","status":"success","prompt_tokens":5}""",
          """
          {"id":"broken-5","time":"2026-11-01T10:00:00Z","sta""");

  private final Path folder;

  Partner(Path folder) {
    this.folder = folder;
  }

  /**
   * Delivers two files: the second repeats a tenth of the first, which holds the broken rows.
   *
   * @param own events of the partner's own
   * @param delivered events that the gateway has written already
   */
  void deliver(List<String> own, List<String> delivered) {
    int half = own.size() / 2;
    List<String> first = new ArrayList<>(own.subList(0, half));
    first.addAll(delivered);
    first.addAll(BROKEN);
    List<String> second = new ArrayList<>(own.subList(half, own.size()));
    second.addAll(own.subList(0, own.size() / 10));
    second.addAll(second.subList(0, own.size() / 20));
    try {
      Files.write(folder.resolve("usage-1.json"), first);
      Files.write(folder.resolve("usage-2.json"), second);
    } catch (IOException e) {
      throw JobsFailures.demoFailed("write the partner's files", e);
    }
  }
}
