package dev.tidemark.migrator.catalogue;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.tidemark.migrator.catalogue.Catalogue.Grant;
import dev.tidemark.migrator.catalogue.Rows.Row;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.state.MigratorState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads the catalogue of a database in one snapshot, whatever the session's search_path is. */
public final class CatalogueReader {
  /**
   * The migrator's own schema. Roles of the same name make their tables there without meaning to,
   * so that what is not the migrator's own is read too.
   */
  private static final String OWN_SCHEMA = "tidemark";

  private final Connection connection;
  private final List<String> schemas;
  private final List<String> schemasOfRelations;
  private final Map<String, List<Grant>> grants;

  private CatalogueReader(Connection connection) throws SQLException {
    this.connection = connection;
    this.schemas =
        Rows.of(connection, "schemas.sql").stream().map(row -> row.text("name")).toList();
    this.schemasOfRelations =
        Stream.concat(schemas.stream(), Stream.of(OWN_SCHEMA)).sorted().toList();
    this.grants =
        rows("grants.sql").stream()
            .collect(
                groupingBy(CatalogueReader::granted, mapping(CatalogueReader::grant, toList())));
  }

  /**
   * Reads the catalogue of a database. Needs no rights beyond connecting.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if the database is out of reach
   */
  public static Catalogue read(Database database) {
    try (Connection connection = database.connect()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      Rows.execute(connection, "session.sql");
      return new CatalogueReader(connection).read();
    } catch (SQLException e) {
      throw MigratorFailures.catalogueUnreadable(database.address(), e);
    }
  }

  private Catalogue read() throws SQLException {
    Map<ObjectName, List<Table.Column>> columns =
        byRelation("columns.sql", CatalogueReader::column);
    Map<ObjectName, List<Table.Index>> indexes = byRelation("indexes.sql", CatalogueReader::index);
    return new Catalogue(
        connection.getMetaData().getDatabaseMajorVersion(),
        Rows.of(connection, "schemas.sql").stream().map(this::schema).toList(),
        Rows.of(connection, "extensions.sql").stream().map(row -> row.text("name")).toList(),
        rows("types.sql").stream().map(this::type).toList(),
        rows("functions.sql").stream().map(this::routine).toList(),
        rows("sequences.sql").stream().map(this::sequence).toList(),
        tables(columns, indexes),
        Rows.of(connection, "views.sql", schemasOfRelations).stream()
            .map(row -> view(row, columns, indexes))
            .toList());
  }

  private List<Table> tables(
      Map<ObjectName, List<Table.Column>> columns, Map<ObjectName, List<Table.Index>> indexes)
      throws SQLException {
    Map<ObjectName, List<Table.Constraint>> constraints =
        byRelation("constraints.sql", CatalogueReader::constraint);
    Map<ObjectName, List<Table.Trigger>> triggers =
        byRelation("triggers.sql", CatalogueReader::trigger);
    Map<ObjectName, List<Table.Policy>> policies =
        byRelation("policies.sql", CatalogueReader::policy);
    Map<ObjectName, List<Table.Partition>> partitions =
        byRelation("partitions.sql", CatalogueReader::partition);
    return Rows.of(connection, "tables.sql", schemasOfRelations).stream()
        .filter(row -> !isOwn(row.name("name")))
        .map(
            row -> {
              ObjectName name = row.name("name");
              return new Table(
                  name,
                  row.flag("unlogged"),
                  row.optional("partition_key"),
                  row.text("options"),
                  rowSecurity(row),
                  row.optional("comment"),
                  columns.getOrDefault(name, List.of()),
                  constraints.getOrDefault(name, List.of()),
                  indexes.getOrDefault(name, List.of()),
                  triggers.getOrDefault(name, List.of()),
                  policies.getOrDefault(name, List.of()),
                  grants("relation", name),
                  partitions.getOrDefault(name, List.of()));
            })
        .toList();
  }

  private Catalogue.Schema schema(Row row) {
    return new Catalogue.Schema(
        row.text("name"),
        row.optional("comment"),
        grants.getOrDefault("schema " + row.text("name"), List.of()));
  }

  private UserType type(Row row) {
    UserType.Kind kind =
        switch (row.text("kind")) {
          case "e" -> UserType.Kind.ENUM;
          case "d" -> UserType.Kind.DOMAIN;
          case "c" -> UserType.Kind.COMPOSITE;
          default -> UserType.Kind.RANGE;
        };
    ObjectName name = row.name("name");
    return new UserType(
        name, kind, row.texts("parts"), row.optional("comment"), grants("type", name));
  }

  private Routine routine(Row row) {
    ObjectName name =
        new ObjectName(
            row.text("schema"), "%s(%s)".formatted(row.text("name"), row.text("arguments")));
    String result = row.flag("procedure") ? "PROCEDURE" : "RETURNS " + row.text("result");
    return new Routine(
        name,
        "(%s) %s".formatted(row.text("signature"), result),
        row.text("language"),
        properties(row),
        row.flag("security_definer"),
        row.text("settings"),
        row.text("body"),
        row.optional("comment"),
        grants("function", name));
  }

  private static String properties(Row row) {
    String volatility =
        switch (row.text("volatility")) {
          case "i" -> "IMMUTABLE";
          case "s" -> "STABLE";
          default -> "VOLATILE";
        };
    String parallel =
        switch (row.text("parallel")) {
          case "s" -> " PARALLEL SAFE";
          case "r" -> " PARALLEL RESTRICTED";
          default -> "";
        };
    return volatility
        + (row.flag("strict") ? " STRICT" : "")
        + (row.flag("leakproof") ? " LEAKPROOF" : "")
        + parallel;
  }

  private Catalogue.Sequence sequence(Row row) {
    ObjectName name = row.name("name");
    return new Catalogue.Sequence(
        name,
        row.text("type") + " " + row.text("definition"),
        row.optional("comment"),
        grants("relation", name));
  }

  private View view(
      Row row,
      Map<ObjectName, List<Table.Column>> columns,
      Map<ObjectName, List<Table.Index>> indexes) {
    ObjectName name = row.name("name");
    return new View(
        name,
        row.flag("materialized"),
        row.text("options"),
        row.text("definition"),
        row.texts("reads"),
        columns.getOrDefault(name, List.of()),
        indexes.getOrDefault(name, List.of()),
        row.optional("comment"),
        grants("relation", name));
  }

  private static Table.Column column(Row row) {
    return new Table.Column(
        row.text("name"),
        row.text("type"),
        row.flag("nullable"),
        row.optional("default_value"),
        row.optional("comment"));
  }

  private static Table.Constraint constraint(Row row) {
    Table.Constraint.Kind kind =
        switch (row.text("kind")) {
          case "p" -> Table.Constraint.Kind.PRIMARY_KEY;
          case "u" -> Table.Constraint.Kind.UNIQUE;
          case "f" -> Table.Constraint.Kind.FOREIGN_KEY;
          case "c" -> Table.Constraint.Kind.CHECK;
          default -> Table.Constraint.Kind.EXCLUSION;
        };
    Optional<Table.Reference> reference =
        kind == Table.Constraint.Kind.FOREIGN_KEY ? Optional.of(reference(row)) : Optional.empty();
    return new Table.Constraint(
        row.text("name"),
        kind,
        row.texts("columns"),
        row.text("definition"),
        row.flag("validated"),
        reference);
  }

  /** Postgres's letters for what is done: r restricts, a refuses at the statement's end. */
  private static Table.Reference reference(Row row) {
    return new Table.Reference(
        new ObjectName(row.text("referenced_schema"), row.text("referenced_relation")),
        row.texts("referenced_columns"),
        row.text("on_delete").matches("[ra]") && row.text("on_update").matches("[ra]"));
  }

  private static Table.Index index(Row row) {
    return new Table.Index(
        row.text("name"),
        row.flag("is_unique"),
        row.flag("valid"),
        row.text("method"),
        row.texts("keys"),
        row.optional("predicate"),
        row.text("definition"),
        row.flag("of_constraint"));
  }

  private static Table.Trigger trigger(Row row) {
    String enabled =
        switch (row.text("enabled")) {
          case "O" -> "origin";
          case "A" -> "always";
          case "R" -> "replica";
          default -> "disabled";
        };
    return new Table.Trigger(
        row.text("name"),
        row.text("definition"),
        enabled,
        row.flag("on_update"),
        new ObjectName(row.text("function_schema"), row.text("function")));
  }

  private static Table.Policy policy(Row row) {
    return new Table.Policy(
        row.text("name"),
        row.flag("permissive"),
        row.text("command"),
        row.texts("roles"),
        row.optional("visible"),
        row.optional("writable"));
  }

  private static Table.Partition partition(Row row) {
    return new Table.Partition(
        row.text("name"),
        row.text("bound"),
        rowSecurity(row),
        row.flag("granted"),
        row.texts("invalid_indexes"));
  }

  private static Table.RowSecurity rowSecurity(Row row) {
    if (!row.flag("row_security")) {
      return Table.RowSecurity.OFF;
    }
    return row.flag("row_security_forced") ? Table.RowSecurity.FORCED : Table.RowSecurity.ENABLED;
  }

  private List<Grant> grants(String kind, ObjectName name) {
    return grants.getOrDefault(kind + " " + name, List.of());
  }

  private static boolean isOwn(ObjectName table) {
    return table.schema().equals(OWN_SCHEMA) && MigratorState.TABLES.contains(table.name());
  }

  private static String granted(Row row) {
    return row.text("kind")
        + " "
        + (row.text("schema") == null ? row.text("name") : row.name("name").toString());
  }

  private static Grant grant(Row row) {
    return new Grant(
        row.text("grantee"),
        row.text("privilege"),
        row.optional("column_name"),
        row.flag("grantable"));
  }

  private List<Row> rows(String resource) throws SQLException {
    return Rows.of(connection, resource, schemas);
  }

  private <T> Map<ObjectName, List<T>> byRelation(String resource, Function<Row, T> reader)
      throws SQLException {
    return Rows.of(connection, resource, schemasOfRelations).stream()
        .collect(groupingBy(row -> row.name("relation"), mapping(reader, toList())));
  }
}
