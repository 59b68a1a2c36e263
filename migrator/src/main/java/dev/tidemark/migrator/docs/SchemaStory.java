package dev.tidemark.migrator.docs;

import com.typesafe.config.Config;
import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.CatalogueReader;
import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.classification.Classification;
import dev.tidemark.migrator.operation.ApplyOptions;
import dev.tidemark.migrator.operation.Migrator;
import dev.tidemark.migrator.shadow.ShadowDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What each change set did, and what the schema is in the end: found out by applying them.
 *
 * @param chapters one for each change set, in their order
 * @param catalogue what they make together
 */
record SchemaStory(
    List<Chapter> chapters, Catalogue catalogue, Optional<Classification> classification) {

  /**
   * What one change set did.
   *
   * @param made names of the tables that it made
   * @param dropped names of the tables that it dropped
   */
  record Chapter(ChangeSet changeSet, List<String> made, List<String> dropped) {}

  /** The tables that one change set made and that are still there, in the order of their names. */
  record Domain(int number, ChangeSet changeSet, List<Table> tables) {
    /** The change set's description for people. */
    String title() {
      String words = changeSet.description().replace('_', ' ');
      return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
  }

  /** Applies the configured change sets one by one to a throw-away database. */
  static SchemaStory read(Config config) {
    try (ShadowDatabase shadow = ShadowDatabase.open(config)) {
      Migrator migrator = Migrator.open(shadow.database(), config).withoutLint();
      List<Chapter> chapters = new ArrayList<>();
      Catalogue catalogue = CatalogueReader.read(shadow.database());
      for (ChangeSet changeSet : Migrator.changeSets(config)) {
        Set<String> before = tables(catalogue);
        migrator.apply(ApplyOptions.to(changeSet.version()));
        catalogue = CatalogueReader.read(shadow.database());
        Set<String> after = tables(catalogue);
        chapters.add(new Chapter(changeSet, without(after, before), without(before, after)));
      }
      return new SchemaStory(List.copyOf(chapters), catalogue, Classification.of(config));
    }
  }

  /** The domains that have tables, in the order of their change sets. */
  List<Domain> domains() {
    List<Domain> domains = new ArrayList<>();
    Set<String> told = new TreeSet<>();
    // A table that was dropped and made again belongs to the change set that made it last.
    for (int i = chapters.size() - 1; i >= 0; i--) {
      Chapter chapter = chapters.get(i);
      List<Table> tables =
          catalogue.tables().stream()
              .filter(table -> chapter.made().contains(table.name().toString()))
              .filter(table -> told.add(table.name().toString()))
              .toList();
      if (!tables.isEmpty()) {
        domains.add(0, new Domain(i, chapter.changeSet(), tables));
      }
    }
    return List.copyOf(domains);
  }

  private static Set<String> tables(Catalogue catalogue) {
    return catalogue.tables().stream()
        .map(table -> table.name().toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> without(Set<String> all, Set<String> others) {
    return all.stream().filter(name -> !others.contains(name)).toList();
  }
}
