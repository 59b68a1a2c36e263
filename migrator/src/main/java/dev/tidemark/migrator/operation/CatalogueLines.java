package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.classification.Tag;
import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the catalogue holds, one line an object: enough to say whether two states are the same. Tags
 * that classify columns are no part of it, as they come and go by themselves.
 */
final class CatalogueLines {
  private static final int SHOWN = 3;
  private static final int SHOWN_CHARACTERS = 160;

  private CatalogueLines() {}

  /** The lines as the connection sees them now. */
  static String read(Connection connection) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(SqlResource.read(CatalogueLines.class, "catalogue-lines.sql"))) {
      while (rows.next()) {
        lines.add(Tag.without(rows.getString(1)));
      }
    }
    return String.join("\n", lines);
  }

  /** How a state differs from another, in words; empty if it does not. */
  static String difference(String before, String after) {
    Set<String> lacking = lines(before);
    lacking.removeAll(lines(after));
    Set<String> added = lines(after);
    added.removeAll(lines(before));
    List<String> words = new ArrayList<>();
    lacking.stream().limit(SHOWN).forEach(line -> words.add("lacking: " + shortened(line)));
    added.stream().limit(SHOWN).forEach(line -> words.add("too much: " + shortened(line)));
    int others = lacking.size() + added.size() - words.size();
    if (others > 0) {
      words.add("and " + others + " more");
    }
    return String.join("; ", words);
  }

  private static Set<String> lines(String text) {
    return new LinkedHashSet<>(text.lines().toList());
  }

  private static String shortened(String line) {
    return line.length() > SHOWN_CHARACTERS ? line.substring(0, SHOWN_CHARACTERS) + " …" : line;
  }
}
