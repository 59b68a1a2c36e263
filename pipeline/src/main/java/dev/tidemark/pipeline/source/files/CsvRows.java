package dev.tidemark.pipeline.source.files;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import dev.tidemark.pipeline.failure.PipelineFailures;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.execution.datasources.csv.CSVUtils;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** Delimited text, each file read by its own header. */
final class CsvRows {
  private static final Map<String, String> DEFAULTS = Map.of("escape", "\"");

  /**
   * What decides how a file is read.
   *
   * @param fields the header's fields, or so many nulls as there are columns; none without a record
   * @param alone the path, where types are inferred: another file must not change what a row reads
   */
  private record Layout(ArrayList<String> fields, String alone) implements Serializable {}

  private CsvRows() {}

  static List<SourceRows> read(
      SparkSession session,
      Configuration configuration,
      FileSourceSettings settings,
      List<ListedFile> files) {
    Map<String, String> options = SourceRows.options(settings, DEFAULTS);
    // With pruning, which rows are malformed would depend on the columns that a query happens to
    // use.
    options.put("columnPruning", "false");
    CSVOptions csv = parsed(options, settings);
    boolean infersTypes = settings.isOn("inferSchema");
    Map<Layout, List<ListedFile>> groups =
        Layouts.group(
            session,
            configuration,
            files,
            (file, hadoop) -> layout(file, hadoop, csv, infersTypes));
    List<SourceRows> sources = new ArrayList<>();
    groups.forEach(
        (layout, group) -> {
          if (!layout.fields().isEmpty()) {
            sources.add(read(session, options, csv, layout, group));
          }
        });
    return sources;
  }

  private static CSVOptions parsed(Map<String, String> options, FileSourceSettings settings) {
    try {
      CSVOptions csv =
          new CSVOptions(
              scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(options)),
              false,
              settings.timeZone().getId());
      csv.asParserSettings();
      return csv;
    } catch (RuntimeException e) {
      throw PipelineFailures.badOptions(FileFormat.CSV.word(), e);
    }
  }

  private static SourceRows read(
      SparkSession session,
      Map<String, String> options,
      CSVOptions csv,
      Layout layout,
      List<ListedFile> files) {
    String[] paths = SourceRows.readablePaths(files);
    StructType schema =
        layout.alone() != null
            ? new StructType(
                SourceRows.fields(session.read().options(options).csv(paths))
                    .toArray(StructField[]::new))
            : texts(names(layout.fields(), csv));
    Dataset<Row> read =
        session
            .read()
            .options(options)
            .schema(schema.add(SourceRows.MALFORMED, DataTypes.StringType))
            .csv(paths);
    List<StructField> columns = SourceRows.fields(read);
    // Spark refuses a query that needs nothing but the malformed text, so it comes with a column.
    Column needsColumn = length(coalesce(SourceRows.column(columns.get(0)), lit(""))).geq(0);
    Column malformed =
        when(col(SourceRows.MALFORMED).isNotNull().and(needsColumn), col(SourceRows.MALFORMED));
    return new SourceRows(
        read.select(
            Stream.concat(
                    columns.stream().map(SourceRows::column),
                    Stream.of(
                        SourceRows.path(read).as(SourceRows.PATH),
                        coalesce(malformed, SourceRows.json(columns)).as(SourceRows.RAW),
                        malformed.as(SourceRows.MALFORMED)))
                .toArray(Column[]::new)),
        columns);
  }

  private static StructType texts(String[] names) {
    return new StructType(
        Arrays.stream(names)
            .map(name -> DataTypes.createStructField(name, DataTypes.StringType, true))
            .toArray(StructField[]::new));
  }

  /** The columns' names as Spark would have them: empty and repeated ones get a number. */
  private static String[] names(List<String> fields, CSVOptions csv) {
    return csv.headerFlag()
        ? CSVUtils.makeSafeHeader(fields.toArray(String[]::new), true, csv)
        : IntStream.range(0, fields.size()).mapToObj(i -> "_c" + i).toArray(String[]::new);
  }

  private static Probe<Layout> layout(
      ListedFile file, Configuration configuration, CSVOptions csv, boolean infersTypes) {
    Path path = file.hadoopPath();
    CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(path);
    try (InputStream stored = path.getFileSystem(configuration).open(path);
        InputStream content =
            codec == null || file.bytes() == 0 ? stored : codec.createInputStream(stored)) {
      ArrayList<String> fields = new ArrayList<>();
      for (String field : firstRecord(content, csv)) {
        fields.add(csv.headerFlag() ? field : null);
      }
      return new Probe.Found<>(file, new Layout(fields, infersTypes ? file.path() : null));
    } catch (TextParsingException e) {
      return new Probe.Damaged<>(file, "its first line is no record: " + e.getMessage());
    } catch (IOException e) {
      return new Probe.Unreachable<>(file, String.valueOf(e.getMessage()));
    }
  }

  private static String[] firstRecord(InputStream content, CSVOptions csv) {
    CsvParserSettings settings = csv.asParserSettings();
    settings.setLineSeparatorDetectionEnabled(csv.lineSeparatorInRead().isEmpty());
    CsvParser parser = new CsvParser(settings);
    parser.beginParsing(content, csv.charset());
    String[] record = parser.parseNext();
    while (record != null && !csv.multiLine() && isBlank(record)) {
      record = parser.parseNext();
    }
    parser.stopParsing();
    return record == null ? new String[0] : record;
  }

  /** Whether the record is a blank line, which Spark skips where a line is a record. */
  private static boolean isBlank(String[] record) {
    return record.length == 1 && (record[0] == null || record[0].isBlank());
  }
}
