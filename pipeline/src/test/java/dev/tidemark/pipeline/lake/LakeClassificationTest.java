package dev.tidemark.pipeline.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.changeset.ChangeSets;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.changeset.Statement;
import dev.tidemark.migrator.classification.Classification;
import dev.tidemark.migrator.classification.Tag;
import dev.tidemark.pipeline.sql.SqlResource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.analysis.UnresolvedIdentifier;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTable;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.plans.logical.AddCheckConstraint;
import org.apache.spark.sql.catalyst.plans.logical.AddColumns;
import org.apache.spark.sql.catalyst.plans.logical.CreateTable;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.QualifiedColType;
import org.apache.spark.sql.catalyst.plans.logical.SetTableProperties;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** The classification against the lake's change sets, read by Spark's parser without a session. */
class LakeClassificationTest {
  private final Classification classification = Classification.builtIn(Classification.Store.LAKE);

  @Test
  void everyColumnOfTheLakeIsClassifiedAndNothingElse() {
    Map<String, List<String>> columns = new TreeMap<>();
    tables().forEach((table, schema) -> columns.put(table, List.of(schema.fieldNames())));

    assertThat(columns).containsKeys("usage_events", "usage_hourly", "usage_daily");
    assertThat(classification.gaps(columns)).isEmpty();
  }

  @Test
  void commentsOfColumnsEndWithTheirTags() {
    tables()
        .forEach(
            (table, schema) -> {
              for (StructField field : schema.fields()) {
                assertThat(Tag.in(field.getComment().get()))
                    .as("%s.%s", table, field.name())
                    .isEqualTo(classification.tag(table, field.name()));
              }
            });
  }

  /**
   * What the change sets leave behind, and their history; a statement that this does not know is an
   * error.
   */
  private static Map<String, StructType> tables() {
    Map<String, StructType> tables = new TreeMap<>();
    List<Script> scripts = new ArrayList<>();
    ChangeSets.readResources(LakeClassificationTest.class.getClassLoader(), "db/analytics")
        .forEach(changeSet -> scripts.add(changeSet.apply()));
    String history = SqlResource.of(LakeChangeSets.class, "make-history.sql").text();
    scripts.add(Script.of("make-history.sql", history));
    for (Script script : scripts) {
      for (Statement statement : script.statements()) {
        LogicalPlan plan = new CatalystSqlParser().parsePlan(statement.text());
        if (plan instanceof CreateTable table) {
          tables.put(name(table), table.tableSchema());
        } else if (plan instanceof AddColumns added) {
          tables.merge(name(added), schema(added), LakeClassificationTest::both);
        } else if (!(plan instanceof AddCheckConstraint || plan instanceof SetTableProperties)) {
          throw new AssertionError("What does this do to columns? " + statement.text());
        }
      }
    }
    return tables;
  }

  private static StructType both(StructType first, StructType second) {
    return new StructType(
        Stream.of(first, second)
            .flatMap(schema -> Arrays.stream(schema.fields()))
            .toArray(StructField[]::new));
  }

  private static StructType schema(AddColumns added) {
    StructType schema = new StructType();
    for (QualifiedColType column : CollectionConverters.asJava(added.columnsToAdd())) {
      schema =
          schema.add(
              column.colName(), column.dataType(), column.nullable(), column.comment().get());
    }
    return schema;
  }

  private static String name(AddColumns added) {
    return folder(((UnresolvedTable) added.table()).multipartIdentifier().last());
  }

  private static String name(CreateTable table) {
    return folder(((UnresolvedIdentifier) table.name()).nameParts().last());
  }

  /** The folder below the lake's. */
  private static String folder(String path) {
    return Arrays.stream(path.split("/")).reduce((first, second) -> second).orElseThrow();
  }
}
