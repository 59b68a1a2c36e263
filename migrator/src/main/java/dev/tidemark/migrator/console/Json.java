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

  /** Runs of what stands for itself go in one piece: nearly all text is that. */
  private static void appendText(StringBuilder json, String text) {
    json.append('"');
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (isEscaped(unit)) {
        json.append(text, begin, i).append(escape(unit));
        begin = i + 1;
      }
    }
    json.append(text, begin, text.length()).append('"');
  }

  private static boolean isEscaped(char unit) {
    // Line separators are legal in JSON but would break "one line" for some readers.
    return unit < ' '
        || unit == '"'
        || unit == '\\'
        || unit == '\u007f'
        || unit == '\u2028'
        || unit == '\u2029';
  }

  private static String escape(char unit) {
    return switch (unit) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format("\\u%04x", (int) unit);
    };
  }
}
