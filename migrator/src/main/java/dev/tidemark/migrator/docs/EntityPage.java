package dev.tidemark.migrator.docs;

import static dev.tidemark.migrator.docs.Markdown.code;

import dev.tidemark.migrator.catalogue.ObjectName;
import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import dev.tidemark.migrator.diagram.Diagram.Link;
import dev.tidemark.migrator.docs.SchemaStory.Domain;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The diagrams in Mermaid, which many viewers of Markdown draw by themselves. */
final class EntityPage {
  private final SchemaStory story;
  private final Markdown markdown = new Markdown();

  private EntityPage(SchemaStory story) {
    this.story = story;
  }

  static String of(SchemaStory story) {
    return new EntityPage(story).write();
  }

  private String write() {
    markdown
        .heading(1, "Entities and relations")
        .paragraph(
            "Generated from the catalogue by `tidemark migrate docs generate`. Not to be edited by"
                + " hand.")
        .heading(2, "Whole")
        .paragraph("![The whole schema](erd/whole.svg)");
    String hubs =
        new EntityDiagrams(story)
            .hubs().stream().map(name -> code(name.toString())).collect(Collectors.joining(", "));
    if (!hubs.isEmpty()) {
      markdown.paragraph(
          "So many tables point to %s that the picture has no lines to it.".formatted(hubs));
    }
    mermaid(
        story.catalogue().tables().stream()
            .flatMap(table -> EntityDiagrams.links(table, reference -> true))
            .map(EntityPage::relation)
            .toList());
    for (Domain domain : story.domains()) {
      markdown
          .heading(2, domain.title())
          .paragraph(
              "![%s](erd/%s.svg)".formatted(domain.title(), domain.changeSet().description()));
      mermaid(
          Stream.concat(
                  domain.tables().stream().flatMap(EntityPage::entity),
                  domain.tables().stream()
                      .flatMap(table -> EntityDiagrams.links(table, reference -> true))
                      .map(EntityPage::relation))
              .toList());
    }
    return markdown.toString();
  }

  private void mermaid(List<String> lines) {
    markdown.lines("```mermaid", "erDiagram");
    lines.forEach(line -> markdown.lines("  " + line));
    markdown.lines("```", "");
  }

  private static String relation(Link link) {
    return "%s %s--%s %s : %s"
        .formatted(
            link.to(),
            link.optional() ? "|o" : "||",
            link.many() ? "o{" : "o|",
            link.from(),
            link.row());
  }

  private static Stream<String> entity(Table table) {
    return Stream.concat(
        Stream.concat(
            Stream.of(table.name() + " {"),
            table.columns().stream().map(column -> "  " + attribute(table, column))),
        Stream.of("}"));
  }

  private static String attribute(Table table, Column column) {
    // Mermaid takes no commas in types.
    String type = TypeNames.brief(column.type()).replaceAll("\\(.*\\)", "").replace(' ', '_');
    boolean primary =
        table.primaryKey().map(key -> key.columns().contains(column.name())).orElse(false);
    boolean foreign =
        EntityDiagrams.links(table, (ObjectName reference) -> true)
            .anyMatch(link -> link.row().equals(column.name()));
    String keys =
        Stream.of(primary ? "PK" : "", foreign ? "FK" : "")
            .filter(key -> !key.isEmpty())
            .collect(Collectors.joining(", "));
    return "%s %s %s".formatted(type, column.name(), keys).stripTrailing();
  }
}
