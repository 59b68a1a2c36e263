package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import java.util.Optional;

/** A key can be replaced only where every value says which key it was encrypted with. */
final class CiphertextKeyKnown extends ColumnRule {
  private static final String ENDING = "_ciphertext";

  CiphertextKeyKnown() {
    super("sensitive.key-id");
  }

  @Override
  Optional<Fault> fault(Table table, Column column) {
    if (!column.name().endsWith(ENDING)) {
      return Optional.empty();
    }
    String stem = column.name().substring(0, column.name().length() - ENDING.length());
    boolean known =
        table.column(stem + "_key_id").isPresent() || table.column("encryption_key_id").isPresent();
    return known
        ? Optional.empty()
        : Optional.of(
            new Fault(
                "Nothing says which key the value is encrypted with",
                "add %s_key_id or encryption_key_id".formatted(stem)));
  }
}
