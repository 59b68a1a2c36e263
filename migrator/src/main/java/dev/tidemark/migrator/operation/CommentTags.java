package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.catalogue.ObjectName;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.classification.Classification;
import dev.tidemark.migrator.classification.Tag;
import dev.tidemark.migrator.sql.SqlResource;
import dev.tidemark.migrator.state.MigratorState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the classification's tags behind the comments that change sets give to columns of tables.
 * A view has none, also if a change set copied the comments of a table that had them already.
 */
final class CommentTags {
  private CommentTags() {}

  /**
   * The statements that bring comments and classification into step; empty if they are. Reads the
   * comments alone: the whole catalogue costs many times that.
   */
  static Optional<Script> missing(Connection connection, Classification classification)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(SqlResource.read(CommentTags.class, "column-comments.sql"))) {
      query.setArray(1, connection.createArrayOf("text", MigratorState.TABLES.toArray()));
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          ObjectName relation = new ObjectName(rows.getString(1), rows.getString(2));
          String column = rows.getString(3);
          Optional<Tag> tag =
              rows.getBoolean(4)
                  ? Optional.empty()
                  : classification.tag(relation.toString(), column);
          String comment = rows.getString(5);
          String tagged = tag.map(known -> known.appendedTo(comment)).orElse(Tag.without(comment));
          if (!tagged.equals(comment)) {
            statements.add(statement(relation, column, tagged));
          }
        }
      }
    }
    return statements.isEmpty()
        ? Optional.empty()
        : Optional.of(Script.of("classification", block(statements)));
  }

  /** One statement of them all: a schema has hundreds of columns, each a round trip or two. */
  private static String block(List<String> statements) {
    return "DO " + literal("BEGIN\n" + String.join(";\n", statements) + ";\nEND");
  }

  private static String statement(ObjectName relation, String column, String comment) {
    return "COMMENT ON COLUMN %s.%s.%s IS %s"
        .formatted(
            quoted(relation.schema()), quoted(relation.name()), quoted(column), literal(comment));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Dollar signs are written by their code, so that nothing is taken for a placeholder. */
  private static String literal(String text) {
    return "U&'" + text.replace("\\", "\\\\").replace("'", "''").replace("$", "\\0024") + "'";
  }
}
