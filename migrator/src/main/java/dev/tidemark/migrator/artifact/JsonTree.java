package dev.tidemark.migrator.artifact;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Records as what {@code Json} writes, their components in snake_case. */
final class JsonTree {
  /** Asking a class for its components takes longer than all else that is done here. */
  private static final ClassValue<List<Field>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          return Stream.of(type.getRecordComponents()).map(Field::of).toList();
        }
      };

  private record Field(String name, Method accessor) {
    private static Field of(RecordComponent component) {
      String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      return new Field(name, component.getAccessor());
    }
  }

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
    for (Field field : FIELDS.get(value.getClass())) {
      try {
        tree.put(field.name(), of(field.accessor().invoke(value), texts));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("A public record hides " + field.accessor(), e);
      }
    }
    return tree;
  }
}
