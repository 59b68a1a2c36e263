package dev.tidemark.migrator.catalogue;

import java.util.List;
import java.util.Optional;

/**
 * A view or materialized view.
 *
 * @param options such as {@code security_invoker=true}, joined by commas
 * @param definition its query; servers of different major versions print it differently
 * @param reads the tables and views that it reads
 * @param columns without defaults
 * @param indexes of a materialized view
 * @param comment empty if there is none
 */
public record View(
    ObjectName name,
    boolean materialized,
    String options,
    String definition,
    List<String> reads,
    List<Table.Column> columns,
    List<Table.Index> indexes,
    Optional<String> comment,
    List<Catalogue.Grant> grants) {

  /** Whether it reads with the rights, and under the row-level security, of whoever asks. */
  public boolean securityInvoker() {
    return options.matches(".*security_invoker=(true|on|1|yes)\\b.*");
  }

  /** Whether functions of whoever asks see only the rows that it lets through. */
  public boolean securityBarrier() {
    return options.matches(".*security_barrier=(true|on|1|yes)\\b.*");
  }
}
