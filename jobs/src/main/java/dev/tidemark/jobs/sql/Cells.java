package dev.tidemark.jobs.sql;

import dev.tidemark.migrator.console.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a value of a Spark row looks like outside: binary as hexadecimal, times as ISO-8601 (UTC
 * with Z), decimals without an exponent, whatever is nested as JSON.
 */
final class Cells {
  private Cells() {}

  /** The value as text; null stays null. */
  static String text(Object value) {
    Object plain = plain(value);
    if (plain == null) {
      return null;
    }
    return plain instanceof Map || plain instanceof List ? Json.write(plain) : plain.toString();
  }

  /** The row as a JSON object with its columns' names. */
  static Map<String, Object> object(Row row) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < row.length(); i++) {
      object.put(row.schema().fields()[i].name(), plain(row.get(i)));
    }
    return object;
  }

  /** The value made of nothing but what {@link Json#write} takes. */
  private static Object plain(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof BigDecimal decimal) {
      return new PlainDecimal(decimal);
    }
    if (value instanceof Double || value instanceof Float) {
      return Double.isFinite(((Number) value).doubleValue()) ? value : value.toString();
    }
    if (value instanceof Row row) {
      return object(row);
    }
    if (value instanceof scala.collection.Map<?, ?> map) {
      Map<String, Object> plain = new LinkedHashMap<>();
      CollectionConverters.asJava(map).forEach((k, v) -> plain.put(text(k), plain(v)));
      return plain;
    }
    if (value instanceof scala.collection.Iterable<?> elements) {
      List<Object> plain = new ArrayList<>();
      CollectionConverters.asJava(elements).forEach(element -> plain.add(plain(element)));
      return plain;
    }
    boolean asItIs = value == null || value instanceof Number || value instanceof Boolean;
    return asItIs ? value : value.toString();
  }

  /** A decimal whose text never has an exponent. */
  private static final class PlainDecimal extends Number {
    private static final long serialVersionUID = 1L;

    private final BigDecimal decimal;

    private PlainDecimal(BigDecimal decimal) {
      this.decimal = decimal;
    }

    @Override
    public int intValue() {
      return decimal.intValue();
    }

    @Override
    public long longValue() {
      return decimal.longValue();
    }

    @Override
    public float floatValue() {
      return decimal.floatValue();
    }

    @Override
    public double doubleValue() {
      return decimal.doubleValue();
    }

    @Override
    public String toString() {
      return decimal.toPlainString();
    }
  }
}
