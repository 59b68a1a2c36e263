package dev.tidemark.migrator.docs;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.ObjectName;
import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import dev.tidemark.migrator.catalogue.Table.Constraint;
import dev.tidemark.migrator.diagram.Diagram;
import dev.tidemark.migrator.diagram.Diagram.Box;
import dev.tidemark.migrator.diagram.Diagram.Flow;
import dev.tidemark.migrator.diagram.Diagram.Group;
import dev.tidemark.migrator.diagram.Diagram.Link;
import dev.tidemark.migrator.diagram.Diagram.Mark;
import dev.tidemark.migrator.diagram.Diagram.Row;
import dev.tidemark.migrator.docs.SchemaStory.Domain;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns a schema into diagrams: one of the whole, with keys alone, and one for each domain. */
final class EntityDiagrams {
  /** What more tables point to is told by the column, not by a line: the picture would be lines. */
  private static final int MOST_LINES = 8;

  private final Catalogue catalogue;
  private final List<Domain> domains;

  EntityDiagrams(SchemaStory story) {
    this.catalogue = story.catalogue();
    this.domains = story.domains();
  }

  /** Every table in the frame of its domain, with the columns of keys. */
  Diagram whole() {
    Set<ObjectName> hubs = hubs();
    List<Group> groups =
        domains.stream()
            .map(
                domain ->
                    new Group(
                        Optional.of(domain.title()),
                        domain.number(),
                        domain.tables().stream().map(table -> box(table, true)).toList()))
            .toList();
    List<Link> links =
        catalogue.tables().stream()
            .flatMap(table -> links(table, reference -> !hubs.contains(reference)))
            .toList();
    return new Diagram("The operational schema, keys only", Flow.DOWN, groups, links);
  }

  /** The domain's tables with all their columns, and by name what they point to elsewhere. */
  Diagram of(Domain domain) {
    Set<ObjectName> own = domain.tables().stream().map(Table::name).collect(Collectors.toSet());
    Set<String> drawn = new HashSet<>();
    List<Link> links =
        domain.tables().stream().flatMap(table -> links(table, reference -> true)).toList();
    links.forEach(link -> drawn.add(link.to()));
    List<Group> groups = new ArrayList<>();
    for (Domain other : domains) {
      List<Box> boxes =
          other.equals(domain)
              ? domain.tables().stream().map(table -> box(table, false)).toList()
              : other.tables().stream()
                  .filter(table -> drawn.contains(table.name().toString()))
                  .map(table -> new Box(table.name().toString(), other.title(), List.of()))
                  .toList();
      if (!boxes.isEmpty()) {
        groups.add(new Group(Optional.empty(), other.number(), boxes));
      }
    }
    return new Diagram(domain.title(), Flow.RIGHT, groups, links);
  }

  /** The tables that so many point to that lines to them would hide everything else. */
  Set<ObjectName> hubs() {
    return catalogue.tables().stream()
        .flatMap(table -> table.constraints(Constraint.Kind.FOREIGN_KEY).stream())
        .collect(
            Collectors.groupingBy(
                key -> key.reference().orElseThrow().table().toString(),
                TreeMap::new,
                Collectors.toList()))
        .values()
        .stream()
        .filter(keys -> keys.size() > MOST_LINES)
        .map(keys -> keys.get(0).reference().orElseThrow().table())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** What columns of a table point to. */
  static Stream<Link> links(Table table, Predicate<ObjectName> wanted) {
    return table.constraints(Constraint.Kind.FOREIGN_KEY).stream()
        .filter(key -> wanted.test(key.reference().orElseThrow().table()))
        .map(key -> link(table, key));
  }

  private static Link link(Table table, Constraint key) {
    String column = key.columns().get(key.columns().size() - 1);
    boolean optional =
        key.columns().stream()
            .anyMatch(name -> table.column(name).map(Column::nullable).orElse(false));
    return new Link(
        table.name().toString(),
        column,
        key.reference().orElseThrow().table().toString(),
        !isUnique(table, key.columns()),
        optional);
  }

  private static boolean isUnique(Table table, List<String> columns) {
    return table.indexes().stream()
        .anyMatch(
            index ->
                index.unique() && index.predicate().isEmpty() && columns.containsAll(index.keys()));
  }

  private Box box(Table table, boolean keysOnly) {
    List<Row> rows =
        table.columns().stream()
            .map(column -> row(table, column, keysOnly))
            .filter(row -> !keysOnly || isKey(row))
            .toList();
    return new Box(
        table.name().toString(), table.partitionKey().isPresent() ? "partitioned" : "", rows);
  }

  private static boolean isKey(Row row) {
    return row.mark() != Mark.NONE && row.mark() != Mark.UNIQUE;
  }

  private static Row row(Table table, Column column, boolean keysOnly) {
    boolean primary =
        table.primaryKey().map(key -> key.columns().contains(column.name())).orElse(false);
    Optional<Constraint> reference =
        table.constraints(Constraint.Kind.FOREIGN_KEY).stream()
            .filter(key -> key.columns().get(key.columns().size() - 1).equals(column.name()))
            .findFirst();
    boolean unique =
        table.indexes().stream()
            .anyMatch(index -> index.unique() && index.keys().equals(List.of(column.name())));
    Mark mark = Mark.NONE;
    if (primary) {
      mark = reference.isPresent() ? Mark.PRIMARY_AND_FOREIGN : Mark.PRIMARY;
    } else if (reference.isPresent()) {
      mark = Mark.FOREIGN;
    } else if (unique) {
      mark = Mark.UNIQUE;
    }
    String type = TypeNames.brief(column.type());
    String shown =
        keysOnly && reference.isPresent()
            ? "→ " + reference.get().reference().orElseThrow().table()
            : type;
    return new Row(column.name(), shown, mark, column.nullable());
  }
}
