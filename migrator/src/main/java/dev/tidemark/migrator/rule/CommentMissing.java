package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.ObjectName;
import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.classification.Tag;
import java.util.Optional;
import java.util.stream.Stream;

/** Whoever meets a table, column, view, type or function is told what it is. */
final class CommentMissing extends Rule {
  CommentMissing() {
    super("comment.missing");
  }

  @Override
  Stream<Finding> findings(Catalogue catalogue) {
    return Stream.of(
            catalogue.tables().stream().flatMap(t -> object("TABLE", t.name(), t.comment())),
            catalogue.tables().stream().flatMap(this::columns),
            catalogue.views().stream()
                .flatMap(
                    view ->
                        object(
                            view.materialized() ? "MATERIALIZED VIEW" : "VIEW",
                            view.name(),
                            view.comment())),
            catalogue.types().stream().flatMap(t -> object("TYPE", t.name(), t.comment())),
            catalogue.routines().stream().flatMap(r -> object("FUNCTION", r.name(), r.comment())))
        .flatMap(findings -> findings);
  }

  private Stream<Finding> object(String kind, ObjectName name, Optional<String> comment) {
    return comment.isPresent()
        ? Stream.empty()
        : Stream.of(
            finding(name, "There is no comment", "COMMENT ON %s %s IS '…'".formatted(kind, name)));
  }

  private Stream<Finding> columns(Table table) {
    return table.columns().stream()
        .filter(column -> column.comment().map(Tag::without).orElse("").isBlank())
        .map(
            column ->
                finding(
                    table.name(),
                    column.name(),
                    "The column has no comment",
                    "COMMENT ON COLUMN %s.%s IS '…, unit'".formatted(table.name(), column.name())));
  }
}
