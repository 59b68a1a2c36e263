package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.Table.Column;
import dev.tidemark.migrator.classification.Classification;
import dev.tidemark.migrator.classification.Tag;
import java.util.Optional;

/**
 * What opens something, or is about a person, is held as a digest or encrypted: named {@code
 * …_hmac}, {@code …_hash} or {@code …_ciphertext}. Identifiers without meaning of their own are no
 * plain text.
 */
final class SensitivePlaintext extends ColumnRule {
  private static final String SENSITIVE =
      "(.*_)?(e_?mail|password|passwd|passphrase|pin|token|secret|credentials?|private_key|api_key"
          + "|phone|phone_number|iban|card_number|ssn|date_of_birth)"
          + "(_address|_value|_text|_plain|_plaintext)?";

  private final Optional<Classification> classification;

  SensitivePlaintext(Optional<Classification> classification) {
    super("sensitive.plaintext");
    this.classification = classification;
  }

  @Override
  Optional<Fault> fault(Table table, Column column) {
    boolean readable =
        Conventions.isText(column.type()) || column.type().matches("bytea|inet|cidr|date");
    if (!readable || column.name().matches(".*_(hmac|hash|ciphertext)")) {
      return Optional.empty();
    }
    Optional<Tag> tag =
        classification
            .flatMap(known -> known.tag(table.name().toString(), column.name()))
            .filter(known -> known == Tag.PERSONAL || known == Tag.SECRET);
    String why =
        tag.map(known -> "is classified as " + known.word())
            .orElse(column.name().matches(SENSITIVE) ? "is named like a secret" : null);
    return Optional.ofNullable(why)
        .map(
            reason ->
                new Fault(
                    "The column %s and is held in plain text".formatted(reason),
                    "hold its HMAC as %1$s_hmac, or encrypt it as %1$s_ciphertext;"
                            .formatted(column.name())
                        + " docs/sensitive-values.md explains both"));
  }
}
