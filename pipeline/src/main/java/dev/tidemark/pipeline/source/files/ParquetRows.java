package dev.tidemark.pipeline.source.files;

import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;

/** Parquet, each file read by its own schema. */
final class ParquetRows {
  private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";
  private static final String NO_SCHEMA = "";

  private ParquetRows() {}

  static List<SourceRows> read(
      SparkSession session,
      Configuration configuration,
      FileSourceSettings settings,
      List<ListedFile> files) {
    Map<String, String> options = SourceRows.options(settings, Map.of());
    List<SourceRows> sources = new ArrayList<>();
    Layouts.group(session, configuration, files, ParquetRows::schema)
        .forEach(
            (schema, group) -> {
              if (!schema.equals(NO_SCHEMA)) {
                sources.add(read(session, options, group));
              }
            });
    return sources;
  }

  private static SourceRows read(
      SparkSession session, Map<String, String> options, List<ListedFile> files) {
    Dataset<Row> read = session.read().options(options).parquet(SourceRows.readablePaths(files));
    List<StructField> columns = SourceRows.fields(read);
    return new SourceRows(
        read.select(
            Stream.concat(
                    columns.stream().map(SourceRows::column),
                    Stream.of(
                        SourceRows.path(read).as(SourceRows.PATH),
                        SourceRows.json(columns).as(SourceRows.RAW),
                        lit(null).cast("string").as(SourceRows.MALFORMED)))
                .toArray(Column[]::new)),
        columns);
  }

  private static Probe<String> schema(ListedFile file, Configuration configuration) {
    if (file.bytes() == 0) {
      return new Probe.Found<>(file, NO_SCHEMA);
    }
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file.hadoopPath(), configuration))) {
      FileMetaData metadata = reader.getFooter().getFileMetaData();
      return new Probe.Found<>(
          file, metadata.getSchema() + "\n" + metadata.getKeyValueMetaData().get(SPARK_SCHEMA));
    } catch (IOException e) {
      return new Probe.Unreachable<>(file, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return new Probe.Damaged<>(file, String.valueOf(e.getMessage()));
    }
  }
}
