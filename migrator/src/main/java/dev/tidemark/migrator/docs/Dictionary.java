package dev.tidemark.migrator.docs;

import static dev.tidemark.migrator.docs.Markdown.code;
import static dev.tidemark.migrator.docs.Markdown.codes;
import static dev.tidemark.migrator.docs.Markdown.link;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.Catalogue.Grant;
import dev.tidemark.migrator.catalogue.ObjectName;
import dev.tidemark.migrator.catalogue.Routine;
import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import dev.tidemark.migrator.catalogue.Table.Constraint;
import dev.tidemark.migrator.catalogue.UserType;
import dev.tidemark.migrator.catalogue.View;
import dev.tidemark.migrator.classification.Tag;
import dev.tidemark.migrator.docs.SchemaStory.Domain;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells every table, view, type and function. Nothing is told that versions of Postgres print
 * differently.
 */
final class Dictionary {
  private final SchemaStory story;
  private final Catalogue catalogue;
  private final Markdown markdown = new Markdown();

  private Dictionary(SchemaStory story) {
    this.story = story;
    this.catalogue = story.catalogue();
  }

  static String of(SchemaStory story) {
    return new Dictionary(story).write();
  }

  private String write() {
    markdown
        .heading(1, "Data dictionary")
        .paragraph(
            "Generated from the catalogue by `tidemark migrate docs generate`. Not to be edited by"
                + " hand.");
    contents();
    for (Domain domain : story.domains()) {
      markdown.heading(1, domain.title()).paragraph(domain.changeSet().title() + ".");
      domain.tables().forEach(table -> table(domain, table));
    }
    views();
    types();
    routines();
    return markdown.toString();
  }

  private void contents() {
    for (Domain domain : story.domains()) {
      String tables =
          domain.tables().stream()
              .map(table -> link(table.name().toString()))
              .collect(Collectors.joining(" · "));
      markdown.lines("- **%s**: %s".formatted(domain.title(), tables));
    }
    Stream.of(
            Map.entry("Views", catalogue.views().size()),
            Map.entry("Types", catalogue.types().size()),
            Map.entry("Functions", catalogue.routines().size()))
        .filter(section -> section.getValue() > 0)
        .forEach(section -> markdown.lines("- " + link(section.getKey())));
    markdown.lines("");
  }

  private void table(Domain domain, Table table) {
    markdown.heading(2, table.name().toString());
    table.comment().ifPresent(comment -> markdown.paragraph(sentence(comment)));
    facts(domain, table).forEach(fact -> markdown.lines("- " + fact));
    markdown.lines("");
    markdown.table(
        List.of("column", "type", "null", "default", "meaning", "class"),
        table.columns().stream().map(column -> row(table, column)).toList());
    markdown.list("Keys", keys(table));
    markdown.list("Rules", rules(table));
    markdown.list("Indexes", indexes(table.indexes()));
    markdown.list("Row-level security", policies(table));
    markdown.list("Who may do what", grants(table.grants()));
    markdown.list("Referenced by", referencedBy(table.name()));
    markdown.list("Read by views", readBy(table.name()));
  }

  private List<String> facts(Domain domain, Table table) {
    List<String> facts = new ArrayList<>();
    facts.add("Made by " + code(domain.changeSet().name()));
    table.partitionKey().ifPresent(key -> facts.add("Partitioned by " + code(key)));
    story
        .classification()
        .flatMap(known -> known.policy(table.name().toString()))
        .ifPresent(
            policy -> {
              facts.add("Kept: " + policy.retention());
              facts.add("Legal basis: " + policy.legalBasis());
            });
    return facts;
  }

  private static List<String> row(Table table, Column column) {
    String comment = column.comment().orElse("");
    return List.of(
        code(column.name()),
        TypeNames.brief(column.type()),
        column.nullable() ? "yes" : "no",
        code(column.defaultValue().orElse("")),
        Tag.without(comment),
        Tag.in(comment).map(Tag::word).orElse(""));
  }

  private static List<String> keys(Table table) {
    return Stream.concat(
            Stream.of(Constraint.Kind.PRIMARY_KEY, Constraint.Kind.UNIQUE)
                .flatMap(kind -> table.constraints(kind).stream())
                .map(
                    key ->
                        "%s (%s): %s"
                            .formatted(
                                key.kind() == Constraint.Kind.PRIMARY_KEY
                                    ? "Primary key"
                                    : "Unique",
                                codes(key.columns()),
                                code(key.name()))),
            table.constraints(Constraint.Kind.FOREIGN_KEY).stream().map(Dictionary::reference))
        .toList();
  }

  private static String reference(Constraint key) {
    Table.Reference reference = key.reference().orElseThrow();
    return "(%s) → %s (%s): %s"
        .formatted(
            codes(key.columns()),
            link(reference.table().toString()),
            codes(reference.columns()),
            code(key.name()));
  }

  private List<String> rules(Table table) {
    List<String> rules = new ArrayList<>();
    Stream.of(Constraint.Kind.CHECK, Constraint.Kind.EXCLUSION)
        .flatMap(kind -> table.constraints(kind).stream())
        .map(check -> code(check.name()) + ": " + code(check.definition()))
        .forEach(rules::add);
    table.triggers().stream()
        .map(
            trigger ->
                "%s%s: %s calls %s%s"
                    .formatted(
                        code(trigger.name()),
                        trigger.enabled().equals("always") ? " (always)" : "",
                        firing(trigger),
                        code(call(trigger)),
                        comment(trigger.function()).map(c -> ". " + sentence(c)).orElse("")))
        .forEach(rules::add);
    return rules;
  }

  private static String call(Table.Trigger trigger) {
    return trigger.definition().replaceFirst("(?s).* EXECUTE FUNCTION ", "");
  }

  /** {@code BEFORE UPDATE OF plan}, without the names that stand beside it. */
  private static String firing(Table.Trigger trigger) {
    String when = trigger.definition().replaceFirst("^CREATE (CONSTRAINT )?TRIGGER \\S+ ", "");
    String how = when.contains("FOR EACH STATEMENT") ? ", once a statement," : "";
    return when.replaceFirst(" ON \\S+ .*$", "").toLowerCase(Locale.ROOT) + how;
  }

  private Optional<String> comment(ObjectName function) {
    return catalogue.routines().stream()
        .filter(routine -> routine.name().schema().equals(function.schema()))
        .filter(routine -> routine.simpleName().equals(function.name()))
        .findFirst()
        .flatMap(Routine::comment);
  }

  private static List<String> indexes(List<Table.Index> indexes) {
    return indexes.stream()
        .filter(index -> !index.ofConstraint())
        .map(
            index ->
                "%s%s: %s (%s)%s"
                    .formatted(
                        code(index.name()),
                        index.unique() ? ", unique" : "",
                        index.method(),
                        codes(index.keys()),
                        index.predicate().map(p -> " where " + code(p)).orElse("")))
        .toList();
  }

  private static List<String> policies(Table table) {
    if (table.rowSecurity() == Table.RowSecurity.OFF) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        table.rowSecurity() == Table.RowSecurity.FORCED
            ? "Holds for everybody, the owner included"
            : "Holds for everybody but the owner");
    for (Table.Policy policy : table.policies()) {
      lines.add(
          "%s: %s for %s%s%s"
              .formatted(
                  code(policy.name()),
                  policy.command().toLowerCase(Locale.ROOT),
                  policy.roles().equals(List.of("PUBLIC")) ? "everybody" : codes(policy.roles()),
                  policy.visible().map(rows -> ", sees " + code(rows)).orElse(""),
                  policy.writable().map(rows -> ", writes " + code(rows)).orElse("")));
    }
    return lines;
  }

  /** MAINTAIN is left out, as servers before version 17 do not know it. */
  private static List<String> grants(List<Grant> grants) {
    Map<String, List<String>> byRole = new TreeMap<>();
    grants.stream()
        .filter(grant -> !grant.privilege().equals("MAINTAIN"))
        .forEach(
            grant ->
                byRole
                    .computeIfAbsent(grant.grantee(), role -> new ArrayList<>())
                    .add(
                        grant.privilege()
                            + grant.column().map(column -> " of " + code(column)).orElse("")));
    return byRole.entrySet().stream()
        .map(
            entry ->
                (entry.getKey().equals("PUBLIC") ? "everybody" : code(entry.getKey()))
                    + ": "
                    + String.join(", ", entry.getValue()))
        .toList();
  }

  private List<String> referencedBy(ObjectName table) {
    return catalogue.tables().stream()
        .flatMap(
            other ->
                other.constraints(Constraint.Kind.FOREIGN_KEY).stream()
                    .filter(key -> key.reference().orElseThrow().table().equals(table))
                    .map(
                        key ->
                            "%s (%s)"
                                .formatted(link(other.name().toString()), codes(key.columns()))))
        .toList();
  }

  private List<String> readBy(ObjectName table) {
    return catalogue.views().stream()
        .filter(view -> view.reads().contains(table.toString()))
        .map(view -> link(view.name().toString()))
        .toList();
  }

  private void views() {
    section("Views", catalogue.views());
    for (View view : catalogue.views()) {
      markdown.heading(3, view.name().toString());
      view.comment().ifPresent(comment -> markdown.paragraph(sentence(comment)));
      List<String> facts = new ArrayList<>();
      facts.add(kind(view));
      facts.add(
          "Reads " + view.reads().stream().map(Markdown::link).collect(Collectors.joining(", ")));
      facts.add(
          "Columns: "
              + view.columns().stream()
                  .map(column -> code(column.name()) + " " + TypeNames.brief(column.type()))
                  .collect(Collectors.joining(", ")));
      facts.forEach(fact -> markdown.lines("- " + fact));
      markdown.lines("");
      markdown.list("Indexes", indexes(view.indexes()));
      markdown.list("Who may do what", grants(view.grants()));
    }
  }

  private static String kind(View view) {
    if (view.materialized()) {
      return "Materialized: as fresh as its last refresh";
    }
    return view.securityInvoker()
        ? "Reads with the rights of whoever asks"
        : "Reads with the rights of its owner";
  }

  private void types() {
    section("Types", catalogue.types());
    markdown.table(
        List.of("type", "kind", "values", "meaning"),
        catalogue.types().stream().map(Dictionary::row).toList());
  }

  private static List<String> row(UserType type) {
    return List.of(
        code(type.name().toString()),
        type.kind().name().toLowerCase(Locale.ROOT),
        codes(type.parts()),
        type.comment().orElse(""));
  }

  private void routines() {
    section("Functions", catalogue.routines());
    markdown.table(
        List.of("function", "what it does", "rights", "who may run it"),
        catalogue.routines().stream().map(Dictionary::row).toList());
  }

  private static List<String> row(Routine routine) {
    return List.of(
        code(routine.name().toString()),
        routine.comment().orElse(""),
        routine.securityDefiner() ? "its owner's" : "the caller's",
        routine.grants().isEmpty()
            ? "the owner"
            : routine.grants().stream()
                .map(Grant::grantee)
                .distinct()
                .map(role -> role.equals("PUBLIC") ? "everybody" : code(role))
                .collect(Collectors.joining(", ")));
  }

  private void section(String title, List<?> content) {
    if (!content.isEmpty()) {
      markdown.heading(1, title);
    }
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }
}
