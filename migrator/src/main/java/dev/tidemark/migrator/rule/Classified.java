package dev.tidemark.migrator.rule;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.Table.Column;
import dev.tidemark.migrator.classification.Classification;
import dev.tidemark.migrator.classification.Classification.Gap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every column has a tag, and every tag a column. */
final class Classified extends Rule {
  private final Classification classification;
  private final boolean whole;

  /**
   * @param whole whether the catalogue has all that the change sets make; if not, entries for what
   *     is not there are no finding
   */
  Classified(Classification classification, boolean whole) {
    super("classification.gap");
    this.classification = classification;
    this.whole = whole;
  }

  @Override
  Stream<Finding> findings(Catalogue catalogue) {
    Map<String, List<String>> columns = new LinkedHashMap<>();
    catalogue
        .tables()
        .forEach(
            table ->
                columns.put(
                    table.name().toString(), table.columns().stream().map(Column::name).toList()));
    return classification.gaps(columns).stream()
        .filter(gap -> whole || gap.missing())
        .map(this::finding);
  }

  private Finding finding(Gap gap) {
    return new Finding(
        id(),
        gap.table(),
        gap.column(),
        gap.toString(),
        gap.missing()
            ? "give it a tag in conf/data-classification.conf"
            : "take it out of conf/data-classification.conf");
  }
}
