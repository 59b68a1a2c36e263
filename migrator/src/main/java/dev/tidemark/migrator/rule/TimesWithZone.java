package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import java.util.Optional;

/** An instant is a timestamptz, and is named …_at or after its edge of a range. */
final class TimesWithZone extends ColumnRule {
  TimesWithZone() {
    super("types.timestamptz");
  }

  @Override
  Optional<Fault> fault(Table table, Column column) {
    if (column.type().matches("(timestamp|time)\\b.*")
        && !column.type().contains("with time zone")) {
      return Optional.of(
          new Fault("The time has no time zone", "use timestamptz, or date for a whole day"));
    }
    if (column.name().endsWith("_at") && !column.type().equals("timestamp with time zone")) {
      return Optional.of(
          new Fault(
              "The name says instant, the type is " + column.type(),
              "use timestamptz, or another ending: _on for a day"));
    }
    return Optional.empty();
  }
}
