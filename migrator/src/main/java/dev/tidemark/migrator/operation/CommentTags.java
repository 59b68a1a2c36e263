package dev.tidemark.migrator.operation;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.classification.Classification;
import dev.tidemark.migrator.classification.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the classification's tags behind the comments that change sets give to columns. */
final class CommentTags {
  private CommentTags() {}

  /** The statements that bring comments and classification into step; empty if they are. */
  static Optional<Script> missing(Catalogue catalogue, Classification classification) {
    List<String> statements = new ArrayList<>();
    for (Table table : catalogue.tables()) {
      for (Table.Column column : table.columns()) {
        String comment = column.comment().orElse("");
        String tagged =
            classification
                .tag(table.name().toString(), column.name())
                .map(tag -> tag.appendedTo(comment))
                .orElse(Tag.without(comment));
        if (!tagged.equals(comment)) {
          statements.add(statement(table, column, tagged));
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

  private static String statement(Table table, Table.Column column, String comment) {
    return "COMMENT ON COLUMN %s.%s.%s IS %s"
        .formatted(
            quoted(table.name().schema()),
            quoted(table.name().name()),
            quoted(column.name()),
            literal(comment));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Dollar signs are written by their code, so that nothing is taken for a placeholder. */
  private static String literal(String text) {
    return "U&'" + text.replace("\\", "\\\\").replace("'", "''").replace("$", "\\0024") + "'";
  }
}
