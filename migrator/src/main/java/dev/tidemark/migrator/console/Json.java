package dev.tidemark.migrator.console;

import java.time.temporal.TemporalAccessor;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;

/** Writes JSON (RFC 8259) on one line. */
public final class Json {
  private Json() {}

  /**
   * Writes one document.
   *
   * @param value a map with text keys (written in its own order), an iterable, a text, a number, a
   *     boolean, a time or a UUID (as their texts), or null; and nothing else at any depth
   * @return the document, without a line end
   * @throws IllegalArgumentException if there is anything else in it, or a number that is not
   *     finite
   */
  public static String write(Object value) {
    StringBuilder json = new StringBuilder();
    append(json, value);
    return json.toString();
  }

  private static void append(StringBuilder json, Object value) {
    if (value instanceof Map<?, ?> map) {
      appendMap(json, map);
    } else if (value instanceof Iterable<?> list) {
      appendList(json, list);
    } else if (value instanceof CharSequence
        || value instanceof TemporalAccessor
        || value instanceof UUID) {
      appendText(json, value.toString());
    } else if (value == null || value instanceof Boolean || isFinite(value)) {
      json.append(value);
    } else {
      throw new IllegalArgumentException(
          "JSON has no " + value.getClass().getName() + ": " + value);
    }
  }

  private static boolean isFinite(Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue());
  }

  private static void appendMap(StringBuilder json, Map<?, ?> map) {
    json.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      json.append(separator);
      appendText(json, (String) entry.getKey());
      json.append(':');
      append(json, entry.getValue());
      separator = ",";
    }
    json.append('}');
  }

  private static void appendList(StringBuilder json, Iterable<?> list) {
    json.append('[');
    for (Iterator<?> elements = list.iterator(); elements.hasNext(); ) {
      append(json, elements.next());
      json.append(elements.hasNext() ? "," : "");
    }
    json.append(']');
  }

  private static void appendText(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      appendUnit(json, text.charAt(i));
    }
    json.append('"');
  }

  private static void appendUnit(StringBuilder json, char unit) {
    switch (unit) {
      case '"' -> json.append("\\\"");
      case '\\' -> json.append("\\\\");
      case '\n' -> json.append("\\n");
      case '\r' -> json.append("\\r");
      case '\t' -> json.append("\\t");
      default -> {
        // Line separators are legal in JSON but would break "one line" for some readers.
        if (unit < ' ' || unit == '\u007f' || unit == '\u2028' || unit == '\u2029') {
          json.append(String.format("\\u%04x", (int) unit));
        } else {
          json.append(unit);
        }
      }
    }
  }
}
