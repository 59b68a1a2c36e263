package dev.tidemark.migrator.lint;

import dev.tidemark.migrator.trace.CatalogueObject;
import dev.tidemark.migrator.trace.Kind;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may do what, as Postgres writes it: {@code {alice=arw/owner,=r/owner}}, a letter a right,
 * nobody before the equals sign for everybody.
 *
 * @param rights letters by role; the empty name stands for PUBLIC
 */
record Grants(Map<String, Set<String>> rights) {
  static final String EVERYBODY = "";

  /** The grants of an object; where none were ever given, those that Postgres gives by itself. */
  static Grants of(CatalogueObject object) {
    Optional<String> text = object.attribute("grants");
    Map<String, Set<String>> rights = new LinkedHashMap<>();
    if (text.isEmpty()) {
      byItself(object.kind()).ifPresent(letter -> rights.put(EVERYBODY, Set.of(letter)));
      return new Grants(rights);
    }
    for (String entry : text.get().replaceAll("^\\{|}$", "").split(",")) {
      String plain = entry.replace("\"", "").replace("\\", "");
      int equals = plain.indexOf('=');
      if (equals >= 0) {
        String letters = plain.substring(equals + 1).replaceFirst("/.*", "").replace("*", "");
        rights
            .computeIfAbsent(plain.substring(0, equals), role -> new TreeSet<>())
            .addAll(Arrays.asList(letters.split("")));
      }
    }
    return new Grants(rights);
  }

  private static Optional<String> byItself(Kind kind) {
    return switch (kind) {
      case FUNCTION -> Optional.of("X");
      case ENUM, DOMAIN, RANGE -> Optional.of("U");
      default -> Optional.empty();
    };
  }

  /** Grants of an object that has just been made. */
  static Grants ofNew(Kind kind) {
    Map<String, Set<String>> rights = new LinkedHashMap<>();
    byItself(kind).ifPresent(letter -> rights.put(EVERYBODY, Set.of(letter)));
    return new Grants(rights);
  }

  /** Whether everybody has a right here that nobody gave them before. */
  boolean widerForEverybody(Grants before) {
    return !before
        .rights
        .getOrDefault(EVERYBODY, Set.of())
        .containsAll(rights.getOrDefault(EVERYBODY, Set.of()));
  }

  /** A role that has fewer rights here than it had, its owner left aside. */
  Optional<String> narrowed(Grants before, String owner) {
    return before.rights.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(owner))
        .filter(
            entry -> !rights.getOrDefault(entry.getKey(), Set.of()).containsAll(entry.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
