package dev.tidemark.migrator.rule;

import com.typesafe.config.Config;
import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.classification.Classification;
import dev.tidemark.migrator.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Judges a schema by named rules. {@code docs/schema-docs.md} lists them; departures are listed
 * with their reasons in a file.
 */
public final class DesignRules {
  private final Optional<Classification> classification;
  private final Exceptions exceptions;

  private DesignRules(Optional<Classification> classification, Exceptions exceptions) {
    this.classification = classification;
    this.exceptions = exceptions;
  }

  /**
   * The rules as the configuration has them: empty for change sets of the user's own, unless {@code
   * migrate.design-rules} names a file.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if a file cannot be used
   */
  public static Optional<DesignRules> of(Config config) {
    boolean ours = Settings.optionalText(config, "migrate.change-sets").isEmpty();
    boolean wanted = Settings.optionalText(config, "migrate.design-rules").isPresent();
    return ours || wanted
        ? Optional.of(new DesignRules(Classification.of(config), Exceptions.of(config)))
        : Optional.empty();
  }

  /**
   * Judges a catalogue.
   *
   * @param whole whether it has all that the change sets make; if not, an exception or a
   *     classification of what is not there yet is no finding
   * @return by rule, then in the order of the catalogue
   */
  public List<Finding> judge(Catalogue catalogue, boolean whole) {
    List<Finding> findings =
        rules(classification, whole).flatMap(rule -> rule.findings(catalogue)).toList();
    List<Finding> judged = new ArrayList<>(exceptions.without(findings));
    if (whole) {
      judged.addAll(exceptions.unused(findings));
    }
    return List.copyOf(judged);
  }

  static Stream<Rule> rules(Optional<Classification> classification, boolean whole) {
    Stream<Rule> always =
        Stream.of(
            new TableNamePlural(),
            new NamesInSnakeCase(),
            new ForeignKeyColumnName(),
            new IndexName(),
            new ConstraintName(),
            new PrimaryKey(),
            new StandardColumns(),
            new ChangeRecorded(),
            new TimesWithZone(),
            new MoneyExact(),
            new ExactTypes(),
            new AddressTypes(),
            new TextBounded(),
            new BooleansDecided(),
            new ForeignKeyIndexed(),
            new IndexValid(),
            new IndexNotRedundant(),
            new PartitionByTime(),
            new PartitionDefault(),
            new CommentMissing(),
            new CommentUnit(),
            new PolicyMissing(),
            new PolicyTooWide(),
            new PartitionOpen(),
            new ReferenceAcrossTenants(),
            new GlobalTableWritable(),
            new ViewWithOwnersRights(),
            new MaterializedViewGranted(),
            new GrantTooWide(),
            new DefinerGuarded(),
            new DeletionRestricted(),
            new ReferenceEnforced(),
            new SensitivePlaintext(classification),
            new CiphertextKeyKnown(),
            new DigestLength());
    return Stream.concat(
        always, classification.stream().map(known -> new Classified(known, whole)));
  }
}
