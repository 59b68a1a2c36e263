package dev.tidemark.migrator.drift;

import dev.tidemark.migrator.catalogue.Catalogue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares two catalogues. */
public final class Drift {
  private Drift() {}

  /**
   * Every difference, each told once: of a table that is missing, its columns are not told.
   * Partitions are no difference, nor are the owners of objects and what owners may do.
   *
   * <p>Where the two servers have different major versions, definitions of views are not compared,
   * as versions print them differently.
   *
   * @param expected what change sets make
   * @param found what is there
   * @return what is expected first, in the order of the catalogue, then what is not
   */
  public static List<Difference> between(Catalogue expected, Catalogue found) {
    boolean sameVersion = expected.serverVersion() == found.serverVersion();
    Map<String, Fact> wanted = Facts.of(expected, sameVersion);
    Map<String, Fact> present = Facts.of(found, sameVersion);
    List<Difference> differences = new ArrayList<>();
    wanted.forEach(
        (key, fact) -> {
          if (present.containsKey(key)) {
            differences.addAll(properties(fact, present.get(key)));
          } else if (isTold(fact, present.keySet())) {
            differences.add(whole(fact, Optional.of(fact.summary()), Optional.empty()));
          }
        });
    present.forEach(
        (key, fact) -> {
          if (!wanted.containsKey(key) && isTold(fact, wanted.keySet())) {
            differences.add(whole(fact, Optional.empty(), Optional.of(fact.summary())));
          }
        });
    return List.copyOf(differences);
  }

  private static boolean isTold(Fact fact, Set<String> others) {
    return fact.whole().map(others::contains).orElse(true);
  }

  private static Difference whole(Fact fact, Optional<String> expected, Optional<String> found) {
    return new Difference(fact.kind(), fact.object(), Optional.empty(), expected, found);
  }

  private static List<Difference> properties(Fact expected, Fact found) {
    Map<String, String> differing = new LinkedHashMap<>(expected.properties());
    differing.entrySet().removeAll(found.properties().entrySet());
    return differing.entrySet().stream()
        .map(
            property ->
                new Difference(
                    expected.kind(),
                    expected.object(),
                    Optional.of(property.getKey()),
                    Optional.of(property.getValue()),
                    Optional.of(found.properties().get(property.getKey()))))
        .toList();
  }
}
