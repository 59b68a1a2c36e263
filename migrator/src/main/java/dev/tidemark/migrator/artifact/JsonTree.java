package dev.tidemark.migrator.artifact;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Records as what {@code Json} writes, their components in snake_case. */
final class JsonTree {
  private JsonTree() {}

  /** The tree of a value, with every text changed. */
  static Object of(Object value, UnaryOperator<String> texts) {
    if (value instanceof String text) {
      return texts.apply(text);
    }
    if (value instanceof Optional<?> optional) {
      return optional.map(held -> of(held, texts)).orElse(null);
    }
    if (value instanceof Collection<?> list) {
      return list.stream().map(element -> of(element, texts)).toList();
    }
    if (value instanceof Enum<?> word) {
      return word.name().toLowerCase(Locale.ROOT);
    }
    return value instanceof Record record ? ofRecord(record, texts) : value;
  }

  private static Map<String, Object> ofRecord(Record value, UnaryOperator<String> texts) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      try {
        tree.put(
            component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT),
            of(component.getAccessor().invoke(value), texts));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("A public record hides " + component, e);
      }
    }
    return tree;
  }
}
