package dev.tidemark.migrator.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The ways that the status of a table's rows may go, as the documents tell them.
 *
 * @param table whose status
 * @param ways for each status those that may follow it, in the order in which a refusal lists them
 */
record StatusWays(String table, Map<String, List<String>> ways) {
  StatusWays {
    ways = new TreeMap<>(ways);
  }

  /** Every pair of different statuses: from, to. */
  Stream<Arguments> pairs() {
    List<Arguments> pairs = new ArrayList<>();
    for (String from : ways.keySet()) {
      for (String to : ways.keySet()) {
        if (!from.equals(to)) {
          pairs.add(Arguments.of(from, to));
        }
      }
    }
    return pairs.stream();
  }

  boolean allowed(String from, String to) {
    return ways.get(from).contains(to);
  }

  /** The message that a way gets which is not allowed. */
  String refusal(String from, String to) {
    List<String> next = ways.get(from);
    return "%s.status cannot go from %s to %s; from %s it may go %s"
        .formatted(
            table, from, to, from, next.isEmpty() ? "nowhere" : "to " + String.join(", ", next));
  }
}
