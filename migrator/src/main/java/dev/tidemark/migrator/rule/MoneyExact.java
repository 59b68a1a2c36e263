package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import java.util.Optional;

/** Money is exact: NUMERIC(19,4), or whole billionths of a dollar where a request costs less. */
final class MoneyExact extends ColumnRule {
  private static final String MONEY =
      "(.*_)?(amount|balance|price|cost|credit|budget|spend|spent|fee|revenue|usd|eur)(_.*)?";

  MoneyExact() {
    super("types.money");
  }

  @Override
  Optional<Fault> fault(Table table, Column column) {
    boolean number =
        column.type().matches("(numeric|real|double precision|money|integer|bigint|smallint).*");
    boolean nano = column.name().contains("nano_usd") && column.type().equals("bigint");
    boolean money = column.type().equals("money") || number && column.name().matches(MONEY);
    if (!money || nano || column.type().equals("numeric(19,4)") || isCount(column.name())) {
      return Optional.empty();
    }
    return Optional.of(
        new Fault(
            "Money in " + column.type(),
            "use numeric(19,4), or bigint and a name that ends in _nano_usd"));
  }

  private static boolean isCount(String name) {
    return name.matches(".*_(percent|count|days|tokens|ms)");
  }
}
