package dev.tidemark.migrator.catalogue;

import java.util.List;
import java.util.Optional;

/**
 * Everything that change sets can make in a database; nothing of what extensions bring, of the
 * migrator's own schema {@code tidemark}, or of Postgres's own. Every list is in the order of names
 * (code points), columns in the order of the table.
 *
 * @param serverVersion major version of the server that it was read from, such as 18
 * @param schemas the schemas
 * @param extensions names of the installed extensions
 * @param types enumerations, domains, composite and range types
 * @param routines functions and procedures; no aggregates
 * @param sequences sequences, those of identity columns included
 * @param tables tables, each with its partitions folded into it
 * @param views views and materialized views
 */
public record Catalogue(
    int serverVersion,
    List<Schema> schemas,
    List<String> extensions,
    List<UserType> types,
    List<Routine> routines,
    List<Sequence> sequences,
    List<Table> tables,
    List<View> views) {

  /** The table of that name. */
  public Optional<Table> table(ObjectName name) {
    return tables.stream().filter(table -> table.name().equals(name)).findFirst();
  }

  /**
   * A schema.
   *
   * @param comment empty if there is none
   */
  public record Schema(String name, Optional<String> comment, List<Grant> grants) {}

  /**
   * A sequence.
   *
   * @param definition its type, start, step and bounds in the words of SQL
   */
  public record Sequence(
      ObjectName name, String definition, Optional<String> comment, List<Grant> grants) {}

  /**
   * What a role other than the owner may do.
   *
   * @param grantee a role, or {@code PUBLIC}
   * @param privilege such as {@code SELECT}
   * @param column the column that it is limited to; empty for the whole object
   * @param grantable whether the role may hand it on
   */
  public record Grant(
      String grantee, String privilege, Optional<String> column, boolean grantable) {}
}
