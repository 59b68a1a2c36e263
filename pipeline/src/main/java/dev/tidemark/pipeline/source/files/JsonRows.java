package dev.tidemark.pipeline.source.files;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.tidemark.pipeline.failure.PipelineFailures;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * JSON, read as text so that a row's identity is its own text, and not what the schema that Spark
 * infers from all files of a reading makes of it.
 */
final class JsonRows {
  private static final Map<String, String> DEFAULTS = Map.of("primitivesAsString", "true");

  private JsonRows() {}

  static List<SourceRows> read(
      SparkSession session,
      Configuration configuration,
      FileSourceSettings settings,
      List<ListedFile> files) {
    Map<String, String> options = SourceRows.options(settings, DEFAULTS);
    JSONOptions json = parsed(options, settings);
    return Layouts.group(
            session, configuration, files, (file, hadoop) -> new Probe.Found<>(file, "json"))
        .values()
        .stream()
        .map(group -> read(session, options, json, group))
        .toList();
  }

  private static JSONOptions parsed(Map<String, String> options, FileSourceSettings settings) {
    try {
      return new JSONOptions(
          scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(options)),
          settings.timeZone().getId(),
          SourceRows.MALFORMED);
    } catch (RuntimeException e) {
      throw PipelineFailures.badOptions(FileFormat.JSON.word(), e);
    }
  }

  private static SourceRows read(
      SparkSession session, Map<String, String> options, JSONOptions json, List<ListedFile> files) {
    Map<String, String> textOptions = new HashMap<>(options);
    textOptions.put("wholetext", String.valueOf(json.multiLine()));
    Dataset<Row> text = session.read().options(textOptions).text(SourceRows.readablePaths(files));
    Column records = udf(new JsonRecords(json), JsonRecords.TYPE).apply(col("value"));
    Dataset<Row> rows =
        text.select(SourceRows.path(text).as(SourceRows.PATH), explode(records).as("record"))
            .select(col(SourceRows.PATH), col("record.raw"), col("record.object"));
    StructType schema = schema(session, options, rows);
    List<StructField> columns = Arrays.asList(schema.fields());
    Dataset<Row> parsed =
        rows.withColumn(
            "parsed",
            from_json(
                col("object"), schema.add(SourceRows.MALFORMED, DataTypes.StringType), options));
    Column malformed =
        when(
            col("object").isNull().or(col("parsed").getField(SourceRows.MALFORMED).isNotNull()),
            col("raw"));
    return new SourceRows(
        parsed.select(
            Stream.concat(
                    columns.stream()
                        .map(
                            field ->
                                col("parsed." + SourceRows.quoted(field.name())).as(field.name())),
                    Stream.of(
                        col(SourceRows.PATH),
                        col("raw").as(SourceRows.RAW),
                        malformed.as(SourceRows.MALFORMED)))
                .toArray(Column[]::new)),
        columns);
  }

  private static StructType schema(
      SparkSession session, Map<String, String> options, Dataset<Row> rows) {
    StructType inferred =
        session
            .read()
            .options(options)
            .json(rows.where(col("object").isNotNull()).select(col("object")).as(Encoders.STRING()))
            .schema();
    return new StructType(
        Arrays.stream(inferred.fields())
            .filter(field -> !field.name().equals(SourceRows.MALFORMED))
            .toArray(StructField[]::new));
  }
}
