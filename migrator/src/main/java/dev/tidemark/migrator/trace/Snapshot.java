package dev.tidemark.migrator.trace;

import dev.tidemark.migrator.sql.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every object of a database's own schemas at one moment, as one session sees it.
 *
 * @param objects by what identifies them, in the order of Postgres's answer
 */
public record Snapshot(Map<CatalogueObject.Identity, CatalogueObject> objects) {
  /** Stands for words that are as they were. */
  private static final String AS_BEFORE = "\u0001";

  private static final Snapshot NOTHING = new Snapshot(Map.of());

  /** Reads the catalogue in the connection's transaction, if it has one, and leaves no trace. */
  static Snapshot read(Connection connection) throws SQLException {
    return read(connection, NOTHING, Optional.empty());
  }

  /**
   * The same as {@link #read(Connection)}, for less: words are taken from an earlier snapshot of
   * the database where nothing can have changed them.
   *
   * @param transaction the oldest that may have changed the catalogue since then; none of those
   *     before it was undone since then
   */
  static Snapshot readSince(Connection connection, Snapshot earlier, String transaction)
      throws SQLException {
    Snapshot now = read(connection, earlier, Optional.of(transaction));
    return earlier.changed(now).stream().anyMatch(Snapshot::isInWordsOfOthers)
        ? read(connection, earlier, Optional.empty())
        : now;
  }

  /** A name, which the words of other objects have; of a view, the names of its columns too. */
  private static boolean isInWordsOfOthers(Change change) {
    return !change.before().name().equals(change.after().name())
        || !change.before().attribute("schema").equals(change.after().attribute("schema"))
        || Set.of(Kind.VIEW, Kind.MATERIALIZED_VIEW).contains(change.before().kind())
            && !change.before().text("definition").equals(change.after().text("definition"));
  }

  /** What Postgres writes in words depends on the search path, which scripts may change. */
  private static Snapshot read(
      Connection connection, Snapshot earlier, Optional<String> transaction) throws SQLException {
    boolean alone = connection.getAutoCommit();
    if (alone) {
      connection.setAutoCommit(false);
    }
    Map<CatalogueObject.Identity, CatalogueObject> objects = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement()) {
      Savepoint savepoint = connection.setSavepoint();
      readInto(objects, connection, "settings.sql", earlier);
      statement.execute("SET LOCAL search_path = public");
      readInto(objects, connection, "snapshot.sql", earlier, transaction.orElse(null));
      connection.rollback(savepoint);
    }
    if (alone) {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    return new Snapshot(Collections.unmodifiableMap(objects));
  }

  /** The same with the session's parameters of now; what the catalogue holds is left as it is. */
  Snapshot withSettings(Connection connection) throws SQLException {
    Map<CatalogueObject.Identity, CatalogueObject> settings = new LinkedHashMap<>();
    readInto(settings, connection, "settings.sql", this);
    if (objects.entrySet().containsAll(settings.entrySet())) {
      return this;
    }
    Map<CatalogueObject.Identity, CatalogueObject> all = new LinkedHashMap<>(objects);
    all.putAll(settings);
    return new Snapshot(Collections.unmodifiableMap(all));
  }

  private static void readInto(
      Map<CatalogueObject.Identity, CatalogueObject> objects,
      Connection connection,
      String resource,
      Snapshot earlier,
      String... parameters)
      throws SQLException {
    // Prepared, as planning it takes longer than a small catalogue.
    try (PreparedStatement statement =
        connection.prepareStatement(SqlResource.read(Snapshot.class, resource))) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          CatalogueObject.Identity identity =
              new CatalogueObject.Identity(
                  Kind.valueOf(rows.getString(1)), rows.getLong(2), rows.getInt(3));
          CatalogueObject before = earlier.objects.get(identity);
          CatalogueObject now =
              new CatalogueObject(
                  identity,
                  rows.getLong(4),
                  rows.getString(5),
                  attributes((String[]) rows.getArray(6).getArray(), before));
          // One and the same is compared quickly, and that is done often.
          objects.put(identity, now.equals(before) ? before : now);
        }
      }
    }
  }

  private static Map<String, String> attributes(String[] namesAndValues, CatalogueObject before) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      String name = namesAndValues[i];
      String value = namesAndValues[i + 1];
      if (value != null) {
        attributes.put(
            name, value.equals(AS_BEFORE) ? Objects.requireNonNull(before).text(name) : value);
      }
    }
    return Collections.unmodifiableMap(attributes);
  }

  /** All objects of a kind. */
  public Stream<CatalogueObject> all(Kind kind) {
    return objects.values().stream().filter(object -> object.kind() == kind);
  }

  /** The objects of a kind that belong to a table or type. */
  public Stream<CatalogueObject> of(Kind kind, long parent) {
    return all(kind).filter(object -> object.parent() == parent);
  }

  /** An object that is not a column. */
  public Optional<CatalogueObject> find(Kind kind, long id) {
    return Optional.ofNullable(objects.get(new CatalogueObject.Identity(kind, id, 0)));
  }

  /** A column by its number. */
  public Optional<CatalogueObject> column(long table, int number) {
    return Optional.ofNullable(
        objects.get(new CatalogueObject.Identity(Kind.COLUMN, table, number)));
  }

  /** Whatever relation has the identifier: a table, index, view, sequence. */
  public Optional<CatalogueObject> relation(long id) {
    return Stream.of(
            Kind.TABLE,
            Kind.INDEX,
            Kind.VIEW,
            Kind.MATERIALIZED_VIEW,
            Kind.SEQUENCE,
            Kind.COMPOSITE_TYPE)
        .flatMap(kind -> find(kind, id).stream())
        .findFirst();
  }

  /** Whether a relation of that identifier is here. */
  public boolean hasRelation(long id) {
    return relation(id).isPresent();
  }

  /** What a later snapshot has and this one lacks. */
  public List<CatalogueObject> added(Snapshot later) {
    // Most statements leave the catalogue as it is.
    if (later == this) {
      return List.of();
    }
    return later.objects.values().stream()
        .filter(object -> !objects.containsKey(object.identity()))
        .toList();
  }

  /** What this snapshot has and a later one lacks. */
  public List<CatalogueObject> removed(Snapshot later) {
    return later.added(this);
  }

  /** What is in this snapshot and different in a later one. */
  public List<Change> changed(Snapshot later) {
    if (later == this) {
      return List.of();
    }
    return objects.values().stream()
        .filter(object -> later.objects.containsKey(object.identity()))
        .map(object -> new Change(object, later.objects.get(object.identity())))
        .filter(change -> !change.before().equals(change.after()))
        .toList();
  }
}
