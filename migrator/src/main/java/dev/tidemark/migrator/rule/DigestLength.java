package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import dev.tidemark.migrator.catalogue.Table.Constraint;
import java.util.Optional;

/** A digest has 32 bytes; whatever else is written there is not one. */
final class DigestLength extends ColumnRule {
  DigestLength() {
    super("sensitive.digest-length");
  }

  @Override
  Optional<Fault> fault(Table table, Column column) {
    if (!column.type().equals("bytea") || !column.name().matches(".*_(hmac|hash)")) {
      return Optional.empty();
    }
    boolean checked =
        table.constraints(Constraint.Kind.CHECK).stream()
            .anyMatch(
                check ->
                    check.columns().contains(column.name())
                        && check.definition().contains("length(" + column.name() + ") = 32"));
    return checked
        ? Optional.empty()
        : Optional.of(
            new Fault(
                "The digest's length is not checked",
                "CHECK (octet_length(%s) = 32)".formatted(column.name())));
  }
}
