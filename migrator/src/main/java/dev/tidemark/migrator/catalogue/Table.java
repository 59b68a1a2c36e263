package dev.tidemark.migrator.catalogue;

import java.util.List;
import java.util.Optional;

/**
 * A table with all that belongs to it. Of a partitioned table, what its partitions have in common
 * is that of the table; names and bounds of partitions come and go with time.
 *
 * @param unlogged whether a crash empties it
 * @param partitionKey such as {@code RANGE (occurred_at)}; empty if it has no partitions
 * @param options storage parameters {@code name=value}, joined by commas
 * @param rowSecurity whether policies hold for its rows
 * @param comment empty if there is none
 * @param columns in the order of the table
 * @param constraints primary key, unique, foreign keys, checks, exclusions, each by name
 * @param grants what others than its owner may do
 * @param partitions at every level; empty if it has none
 */
public record Table(
    ObjectName name,
    boolean unlogged,
    Optional<String> partitionKey,
    String options,
    RowSecurity rowSecurity,
    Optional<String> comment,
    List<Column> columns,
    List<Constraint> constraints,
    List<Index> indexes,
    List<Trigger> triggers,
    List<Policy> policies,
    List<Catalogue.Grant> grants,
    List<Partition> partitions) {

  /** The column of that name. */
  public Optional<Column> column(String wanted) {
    return columns.stream().filter(column -> column.name().equals(wanted)).findFirst();
  }

  /** Its primary key. */
  public Optional<Constraint> primaryKey() {
    return constraints(Constraint.Kind.PRIMARY_KEY).stream().findFirst();
  }

  /** Its constraints of one kind. */
  public List<Constraint> constraints(Constraint.Kind kind) {
    return constraints.stream().filter(constraint -> constraint.kind() == kind).toList();
  }

  /** Whether policies hold, and for whom. */
  public enum RowSecurity {
    /** Policies do not hold. */
    OFF,
    /** They hold for all but the owner. */
    ENABLED,
    /** They hold for the owner too. */
    FORCED
  }

  /**
   * A column.
   *
   * @param type as Postgres names it, length and precision included
   * @param defaultValue an expression, or how the value is generated; empty if there is none
   * @param comment empty if there is none
   */
  public record Column(
      String name,
      String type,
      boolean nullable,
      Optional<String> defaultValue,
      Optional<String> comment) {}

  /**
   * A constraint.
   *
   * @param columns those that it is about; of a key in the key's order
   * @param definition in the words of SQL
   * @param validated whether rows from before were checked
   * @param reference what a foreign key points to
   */
  public record Constraint(
      String name,
      Kind kind,
      List<String> columns,
      String definition,
      boolean validated,
      Optional<Reference> reference) {

    /** What kind of constraint. */
    public enum Kind {
      PRIMARY_KEY,
      UNIQUE,
      FOREIGN_KEY,
      CHECK,
      EXCLUSION
    }
  }

  /**
   * What a foreign key points to.
   *
   * @param columns in the order of the key's columns
   * @param restricts whether deleting or changing the row pointed to is refused
   */
  public record Reference(ObjectName table, List<String> columns, boolean restricts) {}

  /**
   * An index.
   *
   * @param valid whether queries use it and it refuses duplicates
   * @param method such as {@code btree}
   * @param keys columns or expressions in order; no included columns
   * @param predicate of a partial index
   * @param definition in the words of SQL
   * @param ofConstraint whether it serves a primary key, unique or exclusion constraint
   */
  public record Index(
      String name,
      boolean unique,
      boolean valid,
      String method,
      List<String> keys,
      Optional<String> predicate,
      String definition,
      boolean ofConstraint) {}

  /**
   * A trigger.
   *
   * @param definition in the words of SQL
   * @param enabled when it fires: {@code origin}, {@code always}, {@code replica} or {@code
   *     disabled}
   * @param onUpdate whether an UPDATE fires it
   * @param function what it calls, without arguments
   */
  public record Trigger(
      String name, String definition, String enabled, boolean onUpdate, ObjectName function) {}

  /**
   * A policy of row-level security.
   *
   * @param permissive whether it lets in (true) or keeps out what others let in
   * @param command such as {@code SELECT}, or {@code ALL}
   * @param roles whom it is about; {@code PUBLIC} for everybody
   * @param visible which rows are seen; empty if it does not say
   * @param writable which rows may be written; empty if it does not say
   */
  public record Policy(
      String name,
      boolean permissive,
      String command,
      List<String> roles,
      Optional<String> visible,
      Optional<String> writable) {}

  /**
   * A partition, at whatever level.
   *
   * @param bound in the words of SQL, or {@code DEFAULT}
   * @param granted whether somebody other than the owner was granted anything on it
   * @param invalidIndexes names of its indexes that are not valid
   */
  public record Partition(
      String name,
      String bound,
      RowSecurity rowSecurity,
      boolean granted,
      List<String> invalidIndexes) {}
}
