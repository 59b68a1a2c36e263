package dev.tidemark.pipeline.source.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Splits JSON text into its records, strictly: objects one after the other, or in an array.
 *
 * <p>Spark's own reader passes over whatever follows the first object, takes one of two equal keys,
 * and rounds numbers that it hands on as text. Here any of the first two makes the text malformed
 * ({@code object} is null, {@code raw} the text), and a number becomes a string of the digits that
 * it has in the file, unless the user wants numbers.
 */
final class JsonRecords implements UDF1<String, Row[]> {
  private static final long serialVersionUID = 1L;

  /** One record: its text in the file, and the object to parse or null if it is malformed. */
  static final ArrayType TYPE =
      DataTypes.createArrayType(
          new StructType()
              .add("raw", DataTypes.StringType, false)
              .add("object", DataTypes.StringType, true),
          false);

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final JSONOptions options;
  private transient JsonFactory factory;

  JsonRecords(JSONOptions options) {
    this.options = options;
  }

  @Override
  public Row[] call(String text) throws IOException {
    String json = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    if (factory == null) {
      factory = options.buildJsonFactory();
    }
    List<Row> records = new ArrayList<>();
    try (JsonParser parser = factory.createParser(json)) {
      parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_ARRAY) {
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            records.add(record(parser, json));
          }
        } else {
          records.add(record(parser, json));
        }
      }
    } catch (JsonProcessingException e) {
      return new Row[] {RowFactory.create(json, null)};
    }
    return records.toArray(Row[]::new);
  }

  private Row record(JsonParser parser, String json) throws IOException {
    int start = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
    String object = null;
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      object = object(parser);
    } else {
      parser.skipChildren();
      parser.finishToken();
    }
    int end = Math.toIntExact(parser.currentLocation().getCharOffset());
    return RowFactory.create(json.substring(start, end), object);
  }

  private String object(JsonParser parser) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = factory.createGenerator(text)) {
      int depth = 0;
      do {
        JsonToken token = parser.currentToken();
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        }
        if (!token.isNumeric()) {
          generator.copyCurrentEvent(parser);
        } else if (options.primitivesAsString()) {
          generator.writeString(parser.getText());
        } else {
          generator.writeNumber(parser.getText());
        }
      } while (depth > 0 && parser.nextToken() != null);
    }
    return text.toString();
  }
}
