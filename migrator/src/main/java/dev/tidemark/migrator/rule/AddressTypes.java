package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import java.util.Optional;

/** An address of the internet is an inet, which knows networks and one spelling. */
final class AddressTypes extends ColumnRule {
  AddressTypes() {
    super("types.inet");
  }

  @Override
  Optional<Fault> fault(Table table, Column column) {
    boolean address = column.name().matches("(.*_)?ip(_address|_addr)?");
    if (!address || !Conventions.isText(column.type())) {
      return Optional.empty();
    }
    return Optional.of(new Fault("An IP address in " + column.type(), "use inet"));
  }
}
