package dev.tidemark.migrator.trace;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts some made-up rows into every empty table, parents before children. Values follow from the
 * columns' types, foreign keys and simple checks; a table whose rules refuse such rows stays empty.
 */
final class RowMaker {
  private static final int ROWS = 12;
  private static final Pattern LITERAL = Pattern.compile("'((?:[^']|'')*)'");
  private static final Set<String> WHOLE_NUMBERS = Set.of("int2", "int4", "int8");
  private static final Set<String> NUMBERS = Set.of("numeric", "float4", "float8", "money", "oid");
  private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "name", "citext");

  private final Connection connection;
  private final Snapshot snapshot;
  private final Map<Long, Long> counts = new LinkedHashMap<>();
  private boolean executed;

  private RowMaker(Connection connection, Snapshot snapshot) {
    this.connection = connection;
    this.snapshot = snapshot;
  }

  /**
   * Fills the tables of a connection in autocommit mode.
   *
   * @return whether any statement was executed for it, whose triggers may have done more
   */
  static boolean fill(Connection connection, Snapshot snapshot) throws SQLException {
    RowMaker maker = new RowMaker(connection, snapshot);
    maker.fill();
    return maker.executed;
  }

  /** How many rows each ordinary or partitioned table has, by its identifier. */
  static Map<Long, Long> counts(Connection connection, Snapshot snapshot) throws SQLException {
    List<CatalogueObject> tables =
        snapshot.all(Kind.TABLE).filter(table -> !table.text("relation_kind").equals("f")).toList();
    Map<Long, Long> counts = new LinkedHashMap<>();
    if (tables.isEmpty()) {
      return counts;
    }
    String query =
        tables.stream()
            .map(t -> "SELECT %d, (SELECT count(*) FROM %s)".formatted(t.id(), t.name()))
            .collect(Collectors.joining(" UNION ALL "));
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        counts.put(rows.getLong(1), rows.getLong(2));
      }
    }
    return counts;
  }

  private void fill() throws SQLException {
    counts.putAll(counts(connection, snapshot));
    List<CatalogueObject> waiting =
        new ArrayList<>(
            snapshot
                .all(Kind.TABLE)
                .filter(table -> !table.text("relation_kind").equals("f"))
                .filter(table -> !table.is("partition"))
                .filter(table -> counts.get(table.id()) == 0)
                .toList());
    while (!waiting.isEmpty()) {
      CatalogueObject next =
          waiting.stream()
              .filter(table -> parents(table).noneMatch(waiting::contains))
              .findFirst()
              .orElse(waiting.get(0));
      waiting.remove(next);
      counts.put(next.id(), fill(next));
    }
  }

  private java.util.stream.Stream<CatalogueObject> parents(CatalogueObject table) {
    return foreignKeys(table)
        .map(key -> key.number("referenced"))
        .filter(parent -> parent != table.id())
        .flatMap(parent -> snapshot.find(Kind.TABLE, parent).stream());
  }

  private java.util.stream.Stream<CatalogueObject> foreignKeys(CatalogueObject table) {
    return snapshot
        .of(Kind.CONSTRAINT, table.id())
        .filter(constraint -> constraint.text("type").equals("f"));
  }

  private long fill(CatalogueObject table) {
    Predicate<CatalogueObject> free =
        column ->
            column.attribute("default").isEmpty()
                && column.attribute("identity").isEmpty()
                && column.attribute("generated").isEmpty();
    List<CatalogueObject> all = snapshot.of(Kind.COLUMN, table.id()).filter(free).toList();
    List<CatalogueObject> required = all.stream().filter(column -> column.is("not_null")).toList();
    return insert(table, all).or(() -> insert(table, required)).orElse(0L);
  }

  private Optional<Long> insert(CatalogueObject table, List<CatalogueObject> columns) {
    Map<String, String> values = new LinkedHashMap<>();
    for (CatalogueObject column : columns) {
      String value = value(table, column);
      boolean gaps = !column.is("not_null");
      values.put(column.name(), gaps ? "CASE WHEN i % 3 > 0 THEN " + value + " END" : value);
    }
    String names = values.isEmpty() ? "" : " (" + String.join(", ", values.keySet()) + ") ";
    String sql =
        "INSERT INTO %s%sSELECT %s FROM generate_series(1, %d) AS i ON CONFLICT DO NOTHING"
            .formatted(
                table.name(),
                names.isEmpty() ? " " : names,
                String.join(", ", values.values()),
                ROWS);
    try (Statement statement = connection.createStatement()) {
      long rows = statement.executeUpdate(sql);
      executed = true;
      return Optional.of(rows);
    } catch (SQLException e) {
      // The table has a rule that made-up rows do not know.
      return Optional.empty();
    }
  }

  private String value(CatalogueObject table, CatalogueObject column) {
    return referencedValue(table, column)
        .or(() -> listedValue(table, column))
        .orElseGet(() -> valueOfType(column, least(table, column)));
  }

  private Optional<String> referencedValue(CatalogueObject table, CatalogueObject column) {
    String number = String.valueOf(column.identity().part());
    for (CatalogueObject key : foreignKeys(table).toList()) {
      int place = List.of(key.text("columns").split(" ")).indexOf(number);
      if (place < 0) {
        continue;
      }
      long parent = key.number("referenced");
      long rows = counts.getOrDefault(parent, 0L);
      if (rows == 0 || parent == table.id()) {
        return Optional.of("NULL");
      }
      List<String> names =
          List.of(key.text("referenced_columns").split(" ")).stream()
              .map(part -> snapshot.column(parent, Integer.parseInt(part)).orElseThrow().name())
              .toList();
      return Optional.of(
          "(SELECT %s FROM %s ORDER BY %s OFFSET i %% %d LIMIT 1)"
              .formatted(
                  names.get(place),
                  snapshot.find(Kind.TABLE, parent).orElseThrow().name(),
                  String.join(", ", names),
                  rows));
    }
    return Optional.empty();
  }

  /** One of the values that a check lists. */
  private Optional<String> listedValue(CatalogueObject table, CatalogueObject column) {
    for (CatalogueObject check : checks(table, column).toList()) {
      String definition = check.text("definition");
      if (definition.contains("= ANY") || definition.contains(" = '")) {
        List<String> literals =
            LITERAL.matcher(definition).results().map(match -> match.group()).toList();
        if (!literals.isEmpty()) {
          return Optional.of(
              "(ARRAY[%s])[1 + i %% %d]::%s"
                  .formatted(String.join(", ", literals), literals.size(), column.text("type")));
        }
      }
    }
    return Optional.empty();
  }

  /** The least whole number that checks of the form {@code column >= number} allow. */
  private long least(CatalogueObject table, CatalogueObject column) {
    Pattern bound = Pattern.compile("\\b" + Pattern.quote(column.name()) + " >=? '?(\\d{1,15})\\b");
    return checks(table, column)
        .map(check -> bound.matcher(check.text("definition")))
        .filter(Matcher::find)
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .max()
        .orElse(0);
  }

  private java.util.stream.Stream<CatalogueObject> checks(
      CatalogueObject table, CatalogueObject column) {
    List<String> part = List.of(String.valueOf(column.identity().part()));
    return snapshot
        .of(Kind.CONSTRAINT, table.id())
        .filter(constraint -> constraint.text("type").equals("c"))
        .filter(check -> List.of(check.text("columns").split(" ")).containsAll(part));
  }

  private static String valueOfType(CatalogueObject column, long least) {
    String type = column.text("type");
    String name = column.text("type_name");
    if (WHOLE_NUMBERS.contains(name)) {
      return "(%d + i)::%s".formatted(least, type);
    }
    if (NUMBERS.contains(name)) {
      return "i::" + name;
    }
    if (TEXTS.contains(name)) {
      long most = column.number("modifier") - 4;
      return most > 0 && most < 4 ? "left(i::text, %d)".formatted(most) : "'v' || i";
    }
    if (column.text("type_kind").equals("e")) {
      return "(enum_range(NULL::%1$s))[1 + i %% cardinality(enum_range(NULL::%1$s))]"
          .formatted(type);
    }
    return switch (name) {
      case "bool" -> "i % 2 = 0";
      case "uuid" -> "md5(i::text)::uuid";
      case "bytea" -> "decode(md5(i::text) || md5('-' || i), 'hex')";
      case "json", "jsonb" -> "('{\"n\": ' || i || '}')::" + name;
      case "date" -> "current_date - i";
      case "timestamptz", "timestamp" -> "(now() - i * interval '1 minute')::" + name;
      case "time", "timetz" -> "'12:00'::" + name;
      case "interval" -> "i * interval '1 minute'";
      case "inet", "cidr" -> "('10.0.0.' || i)::" + name;
      default -> column.attribute("element").isPresent() ? "'{}'" : "i::text::" + type;
    };
  }
}
