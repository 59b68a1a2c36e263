package dev.tidemark.migrator.drift;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One object of a catalogue as comparing needs it.
 *
 * @param whole the key of the object that it is a part of; a part is not told where the whole is
 *     missing or not expected
 * @param properties what is to be equal, by name and in the order in which it is told
 */
record Fact(String kind, String object, Optional<String> whole, Map<String, String> properties) {
  String key() {
    return kind + " " + object;
  }

  /** The properties that say something, in one line. */
  String summary() {
    return properties.entrySet().stream()
        .filter(property -> !property.getKey().equals("comment"))
        .map(Map.Entry::getValue)
        .filter(value -> !value.isEmpty())
        .collect(Collectors.joining(", "));
  }
}
