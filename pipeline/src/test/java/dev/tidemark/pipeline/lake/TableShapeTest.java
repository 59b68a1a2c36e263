package dev.tidemark.pipeline.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TableShapeTest {
  @Test
  void everyDifferenceIsNamedAndNothingElse() {
    assertThat(differences(shape("", "a", "BIGINT"), shape("", "a", "BIGINT"))).isEmpty();
    assertThat(differences(shape("x", "a", "BIGINT"), shape("y", "a", "BIGINT")))
        .containsExactly("t comment: x → y");
    assertThat(differences(shape("", "a", "BIGINT"), shape("", "a", "BIGINT NOT NULL")))
        .containsExactly("t column a: BIGINT → BIGINT NOT NULL");
    assertThat(differences(shape("", "a", "BIGINT"), shape("", "a", "BIGINT", "b", "DATE")))
        .containsExactly("t column b: null → DATE");
    assertThat(
            differences(
                shape("", "a", "BIGINT", "b", "DATE"), shape("", "b", "DATE", "a", "BIGINT")))
        .containsExactly("t order of columns: a, b → b, a");
  }

  @Test
  void commentsPartitioningAndPropertiesCountToo() {
    TableShape left =
        new TableShape(
            "",
            columns(Map.of("a", new TableShape.Column("BIGINT", "one"))),
            List.of("a"),
            new TreeMap<>(Map.of("kept", "1", "gone", "2")));
    TableShape right =
        new TableShape(
            "",
            columns(Map.of("a", new TableShape.Column("BIGINT", "two"))),
            List.of(),
            new TreeMap<>(Map.of("kept", "3", "came", "4")));

    assertThat(differences(left, right))
        .containsExactly(
            "t comment of column a: one → two",
            "t partitioning: a → ",
            "t property came: null → 4",
            "t property gone: 2 → null",
            "t property kept: 1 → 3");
  }

  @Test
  void aTableOnOneSideOnlyIsOneDifference() {
    TableShape shape = shape("", "a", "BIGINT");

    assertThat(TableShape.differences(Map.of("t", shape), Map.of()))
        .singleElement()
        .matches(LakeDifference::isLostTable);
    assertThat(TableShape.differences(Map.of(), Map.of("t", shape)))
        .singleElement()
        .matches(difference -> !difference.isLostTable());
  }

  private static List<String> differences(TableShape expected, TableShape actual) {
    return TableShape.differences(Map.of("t", expected), Map.of("t", actual)).stream()
        .map(
            each ->
                "%s %s: %s → %s"
                    .formatted(
                        each.table(),
                        each.subject(),
                        each.expected().orElse(null),
                        each.actual().orElse(null)))
        .toList();
  }

  private static TableShape shape(String comment, String... namesAndTypes) {
    LinkedHashMap<String, TableShape.Column> columns = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      columns.put(namesAndTypes[i], new TableShape.Column(namesAndTypes[i + 1], ""));
    }
    return new TableShape(comment, columns, List.of(), new TreeMap<>());
  }

  private static LinkedHashMap<String, TableShape.Column> columns(
      Map<String, TableShape.Column> columns) {
    return new LinkedHashMap<>(columns);
  }
}
