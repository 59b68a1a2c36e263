package dev.tidemark.migrator.audit;

import dev.tidemark.migrator.failure.MigratorFailures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The head of a chain outside of the database: a file of lines, one an entry, to which lines are
 * only added. A last line that is not whole was never written.
 */
record HeadFile(Path path) {
  /** One writer at a time within this process; the file's lock sees to the others. */
  private static final Object WRITING = new Object();

  /** The lines, the oldest first; none if there is no file. */
  List<HeadLine> read() {
    if (!Files.exists(path)) {
      return List.of();
    }
    String text;
    try {
      text = Files.readString(path, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw MigratorFailures.badAuditHead(path, "it cannot be read: " + e, e);
    }
    List<HeadLine> lines = new ArrayList<>();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      lines.add(
          HeadLine.parse(line)
              .orElseThrow(
                  () ->
                      MigratorFailures.badAuditHead(
                          path,
                          "line %d is not a number and a hash".formatted(lines.size() + 1),
                          null)));
    }
    return lines;
  }

  /** Adds a line, and comes back when it is on the disk. */
  @SuppressWarnings("try")
  void append(HeadLine line) throws IOException {
    synchronized (WRITING) {
      Files.createDirectories(path.getParent());
      try (FileChannel channel =
              FileChannel.open(
                  path,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE);
          var lock = channel.lock()) {
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(line + "\n");
        long position = endOfWholeLines(channel);
        while (bytes.hasRemaining()) {
          position += channel.write(bytes, position);
        }
        channel.truncate(position);
        channel.force(true);
      }
    }
  }

  private static long endOfWholeLines(FileChannel channel) throws IOException {
    long end = channel.size();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (end > 0) {
      one.clear();
      channel.read(one, end - 1);
      if (one.get(0) == '\n') {
        break;
      }
      end--;
    }
    return end;
  }
}
