package dev.tidemark.pipeline.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.source.InputFile;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.testing.TestSpark;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileSourceReadIT {
  private static final String CSV =
      "format = csv, options { header = true }, columns { occurred_at = \"to_timestamp(t)\","
          + " input_tokens = n, user_id = u } ";
  private static final String JSON =
      "format = json, columns { occurred_at = \"to_timestamp(t)\", input_tokens = n, user_id = u }";

  private final SparkSession spark = TestSpark.session();
  @TempDir Path folder;

  @Test
  void rowsHaveTheShapeThatTheLandingTakes() {
    Samples.write(folder.resolve("a.csv"), "t,n,u\n2026-01-02 03:04:05,7,ann\n");

    Dataset<Row> events = dataset(CSV);

    assertThat(events.schema()).isEqualTo(RawEvents.SCHEMA);
    assertThat(events.collectAsList())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(instant(row)).isEqualTo("2026-01-02T03:04:05Z");
              assertThat(row.<Long>getAs("input_tokens")).isEqualTo(7L);
              assertThat(row.<String>getAs("user_id")).isEqualTo("ann");
              assertThat(row.<String>getAs("source_name")).isEqualTo("file:" + folder + "/a.csv");
              assertThat(row.<Long>getAs("arrival_order")).isZero();
              assertThat(row.<String>getAs("raw_record"))
                  .isEqualTo("{\"t\":\"2026-01-02 03:04:05\",\"n\":\"7\",\"u\":\"ann\"}");
              assertThat(row.<String>getAs("read_failure")).isNull();
            });
  }

  @Test
  void columnsThatAreNotMappedHaveTheirDefaults() {
    Samples.write(folder.resolve("a.csv"), "t\n2026-01-01 00:00:00\n");

    Row row =
        dataset("format = csv, options { header = true }, columns { occurred_at = t }").first();

    assertThat(row.<String>getAs("status")).isEqualTo("success");
    for (String zero :
        List.of("input_tokens", "cached_input_tokens", "output_tokens", "cost_nano_usd")) {
      assertThat(row.<Long>getAs(zero)).as(zero).isZero();
    }
    for (String absent :
        List.of(
            "received_at",
            "organization_id",
            "workspace_id",
            "user_id",
            "api_key_id",
            "provider",
            "model",
            "operation",
            "latency_ms",
            "time_to_first_token_ms")) {
      assertThat(row.<Object>getAs(absent)).as(absent).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({"false, LF", "false, CRLF", "true, LF", "true, CRLF"})
  void lineEndsByteOrderMarksGzipAndAMissingLastLineEndAreOrdinary(
      boolean multiLine, String lineEnd) {
    String end = lineEnd.equals("LF") ? "\n" : "\r\n";
    List<String> expected = new ArrayList<>();
    int number = 0;
    for (String mark : List.of("", "\uFEFF")) {
      for (String last : List.of("", end)) {
        for (boolean gzip : List.of(false, true)) {
          number += 2;
          String content =
              mark
                  + "t,n,u"
                  + end
                  + "2026-01-01 00:00:00,"
                  + number
                  + ",ü"
                  + end
                  + "2026-01-01 00:00:00,"
                  + (number + 1)
                  + ",\"a,b\""
                  + last;
          Samples.write(
              folder.resolve(number + (gzip ? ".csv.gz" : ".csv")),
              gzip ? Samples.gzip(content) : content.getBytes(StandardCharsets.UTF_8));
          expected.add(number + " ü null");
          expected.add(number + 1 + " a,b null");
        }
      }
    }

    assertThat(
            dataset(CSV + ", options { header = true, multiLine = " + multiLine + " }")
                .collectAsList())
        .extracting(
            row ->
                row.getAs("input_tokens")
                    + " "
                    + row.getAs("user_id")
                    + " "
                    + row.getAs("read_failure"))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void emptyAndHeaderOnlyFilesGiveNoRows() {
    Samples.write(folder.resolve("a.csv"), "t,n,u\n");
    Samples.write(folder.resolve("b.csv"), "t,n,u");
    InputFile empty = inputFile(Samples.write(folder.resolve("c.csv"), ""), "");
    InputFile packed = inputFile(Samples.write(folder.resolve("d.csv.gz"), ""), "");
    List<InputFile> files = new ArrayList<>(discover(CSV).newFiles());
    files.add(empty);
    files.add(packed);

    assertThat(FileSource.read(spark, settings(CSV), files).collectAsList()).isEmpty();
    for (String format : List.of("csv", "json", "parquet")) {
      Dataset<Row> nothing =
          FileSource.read(
              spark,
              settings("format = " + format + ", columns { occurred_at = t }"),
              List.of(empty));
      assertThat(nothing.schema()).isEqualTo(RawEvents.SCHEMA);
      assertThat(nothing.collectAsList()).isEmpty();
    }
    assertThat(FileSource.read(spark, settings(CSV), List.of()).collectAsList()).isEmpty();
  }

  @Test
  void filesWithOtherHeadersAreEachReadByName() {
    Samples.write(folder.resolve("a.csv"), "t,n,u\n2026-01-01 00:00:01,1,ann\n");
    Samples.write(folder.resolve("b.csv"), "u,extra,n,t\nbob,x,2,2026-01-01 00:00:02\n");
    Samples.write(folder.resolve("c.csv"), "t,n\n2026-01-01 00:00:03,3\n");
    Samples.write(folder.resolve("d.csv"), "\n\"t\",\"n\",\"u\"\n2026-01-01 00:00:04,4,dan\n");

    assertThat(byTokens(dataset(CSV)))
        .extracting(row -> instant(row).getEpochSecond() % 60 + " " + row.getAs("user_id"))
        .containsExactly("1 ann", "2 bob", "3 null", "4 dan");
  }

  @Test
  void withoutAHeaderColumnsGoByPosition() {
    Samples.write(folder.resolve("a.csv"), "1;2026-01-01 00:00:01\n2;2026-01-01 00:00:02\n");
    Samples.write(folder.resolve("b.csv"), "3;2026-01-01 00:00:03;more\n");

    assertThat(
            byTokens(
                dataset(
                    "format = csv, options { sep = \";\" },"
                        + " columns { occurred_at = _c1, input_tokens = _c0 }")))
        .extracting(row -> row.<String>getAs("read_failure"))
        .containsExactly(null, null, null);
  }

  @Test
  void aDoubledQuoteIsAQuote() {
    Samples.write(folder.resolve("a.csv"), "t,n,u\n2026-01-01 00:00:00,1,\"a \"\"b\"\", c\\\"\n");

    assertThat(dataset(CSV).first().<String>getAs("user_id")).isEqualTo("a \"b\", c\\");
  }

  @Test
  void aWrongNumberOfFieldsIsAMalformedRecordWithItsText() {
    Samples.write(
        folder.resolve("a.csv"),
        "t,n,u\r\n2026-01-01 00:00:00,1,ann\r\n2026-01-01 00:00:00,2\r\n\r\n"
            + "2026-01-01 00:00:00,3,ann,more\r\n");
    Dataset<Row> events = dataset(CSV);

    assertThat(events.where("read_failure is null").collectAsList()).hasSize(1);
    assertThat(events.where("read_failure = 'malformed-record'").collectAsList())
        .extracting(row -> row.<String>getAs("raw_record"))
        .containsExactlyInAnyOrder("2026-01-01 00:00:00,2", "2026-01-01 00:00:00,3,ann,more");
    assertThat(events.where("read_failure = 'malformed-record'").collectAsList())
        .extracting(row -> row.<Object>getAs("occurred_at"))
        .containsOnlyNulls();
  }

  @Test
  void whichRowsAreMalformedDoesNotDependOnTheColumnsThatAQueryUses() {
    Samples.write(
        folder.resolve("a.csv"), "t,n,u\n2026-01-01 00:00:00,1\n2026-01-01 00:00:00,2,ann\n");
    Dataset<Row> events =
        dataset("format = csv, options { header = true }, columns { occurred_at = t }");

    assertThat(events.where("read_failure = 'malformed-record'").count()).isEqualTo(1);
    assertThat(events.where("read_failure like 'malformed%'").count()).isEqualTo(1);
    assertThat(events.groupBy("read_failure").count().count()).isEqualTo(2);
    assertThat(
            dataset(
                    "format = csv, options { header = true }, columns {"
                        + " occurred_at = \"timestamp'2026-01-01 00:00:00'\" }")
                .where("read_failure is not null")
                .count())
        .isEqualTo(1);
    assertThat(events.select("read_failure").where("read_failure is null").count()).isEqualTo(1);
    assertThat(events.select("occurred_at").where("occurred_at is not null").count()).isEqualTo(1);
    assertThat(events.count()).isEqualTo(2);
  }

  @Test
  void eachColumnThatFailsIsNamedAndTheOtherRowsLand() {
    StringBuilder mapping = new StringBuilder("occurred_at = \"cast(a as timestamp)\"");
    StringBuilder content = new StringBuilder("a,which\n");
    List<String> expected = new ArrayList<>();
    for (String column : RawEvents.EVENT.fieldNames()) {
      if (!column.equals("occurred_at")) {
        mapping.append(", ").append(column).append(" = \"");
        String failing =
            "if(which = '" + column + "', 1 / (length(which) - " + column.length() + "), 5)";
        mapping
            .append(column.equals("received_at") ? "timestamp_seconds(" + failing + ")" : failing)
            .append('"');
        content.append("2026-01-01 00:00:00,").append(column).append('\n');
        expected.add(column + " mapping-failed:" + column);
      }
    }
    content.append("2026-01-01 00:00:00,none\nnever,occurred_at\nnever,model\n");
    expected.add("none null");
    expected.add("occurred_at mapping-failed:occurred_at");
    expected.add("model mapping-failed:occurred_at");
    Samples.write(folder.resolve("a.csv"), content.toString());

    assertThat(
            dataset("format = csv, options { header = true }, columns { " + mapping + " }")
                .collectAsList())
        .extracting(
            row ->
                row.<String>getAs("raw_record").replaceAll(".*\"which\":\"(.*)\".*", "$1")
                    + " "
                    + row.getAs("read_failure"))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void aTextThatIsNoWholeNumberFailsAndIsNotTruncated() {
    List<String> failing = List.of("12.5", "1e3", "9223372036854775808", "many");
    List<String> whole = List.of("9223372036854775807", "-1", " 12 ", "");
    StringBuilder content = new StringBuilder("t,n,u\n");
    for (List<String> texts : List.of(failing, whole)) {
      texts.forEach(text -> content.append("2026-01-01 00:00:00,").append(text).append(",ann\n"));
    }
    Samples.write(folder.resolve("a.csv"), content.toString());

    assertThat(dataset(CSV).collectAsList())
        .extracting(row -> row.getAs("input_tokens") + " " + row.getAs("read_failure"))
        .containsExactlyInAnyOrder(
            "null mapping-failed:input_tokens",
            "null mapping-failed:input_tokens",
            "null mapping-failed:input_tokens",
            "null mapping-failed:input_tokens",
            Long.MAX_VALUE + " null",
            "-1 null",
            "12 null",
            "null null");
  }

  @ParameterizedTest
  @CsvSource({
    "cast(n as double), 3, 3",
    "cast(n as double), 2.5,",
    "'cast(n as decimal(38,18))', 2.000000000000000001,",
    "'cast(n as decimal(38,18)) * 2', 1.5, 3",
    "cast(n as double), NaN,",
    "cast(n as double), 1e30,",
    "round(cast(n as double)), 2.5, 3"
  })
  void aFractionInAWholeNumbersColumnFailsUnlessItIsRounded(
      String expression, String value, Long expected) {
    Samples.write(folder.resolve("a.csv"), "t,n\n2026-01-01 00:00:00," + value + "\n");

    Row row =
        dataset(
                "format = csv, options { header = true }, columns { occurred_at = t,"
                    + " cost_nano_usd = \""
                    + expression
                    + "\" }")
            .first();

    assertThat(row.<Long>getAs("cost_nano_usd")).isEqualTo(expected);
    assertThat(row.<String>getAs("read_failure"))
        .isEqualTo(expected == null ? "mapping-failed:cost_nano_usd" : null);
  }

  @Test
  void expressionsThatShareAFailingPartFailOnTheRowOnly() {
    Samples.write(folder.resolve("a.csv"), "t,n\n2026-01-01 00:00:00,x\n2026-01-01 00:00:00,2\n");

    assertThat(
            dataset(
                    "format = csv, options { header = true }, columns { occurred_at = t,"
                        + " input_tokens = \"cast(n as int) * 10\","
                        + " output_tokens = \"cast(n as int) * 20\","
                        + " latency_ms = \"cast(n as int) * (1 / length(n)) * 30\" }")
                .collectAsList())
        .extracting(row -> row.getAs("read_failure") + " " + row.getAs("output_tokens"))
        .containsExactlyInAnyOrder("mapping-failed:input_tokens null", "null 40");
  }

  @Test
  void anExpressionThatAlwaysFailsQuarantinesRowsAndNotTheRun() {
    Samples.write(folder.resolve("a.csv"), "t,n\n2026-01-01 00:00:00,x\n");

    assertThat(
            dataset(
                    "format = csv, options { header = true }, columns { occurred_at = t,"
                        + " input_tokens = \"length(n) + 1 div 0\", provider = \"1 / 0\" }")
                .first()
                .<String>getAs("read_failure"))
        .isEqualTo("mapping-failed:provider");
  }

  @Test
  void timesHaveMicrosecondsAndFurtherDigitsAreCutOff() {
    Samples.write(folder.resolve("a.csv"), "t,n,u\n2023-11-16 18:17:03.9799609,1,ann\n");

    assertThat(instant(dataset(CSV).first())).isEqualTo("2023-11-16T18:17:03.979960Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"America/New_York", "Europe/Berlin", "Australia/Lord_Howe"})
  void timesWithoutAZoneAreReadInTheSourcesAndTheCallersStays(String zone) {
    // A plain time, a gap and an overlap in New York, Berlin and Lord Howe, and one that names its
    // zone.
    List<String> times =
        List.of(
            "2026-07-01 12:00:00",
            "2026-03-08 02:30:00",
            "2026-11-01 01:30:00",
            "2026-03-29 02:30:00",
            "2026-10-25 02:30:00",
            "2026-04-05 01:45:00",
            "2026-10-04 02:15:00",
            "2026-07-01 12:00:00+03:00");
    StringBuilder content = new StringBuilder("n,t\n");
    List<Instant> expected = new ArrayList<>();
    for (int i = 0; i < times.size(); i++) {
      content.append(i).append(',').append(times.get(i)).append('\n');
      expected.add(
          i == times.size() - 1
              ? Instant.parse("2026-07-01T09:00:00Z")
              : ZonedDateTime.ofLocal(
                      LocalDateTime.parse(times.get(i).replace(' ', 'T')), ZoneId.of(zone), null)
                  .toInstant());
    }
    Samples.write(folder.resolve("a.csv"), content.toString());

    Dataset<Row> events =
        dataset(
            "format = csv, options { header = true }, time-zone = \""
                + zone
                + "\", columns {"
                + " occurred_at = \"to_timestamp(t)\", received_at = t, input_tokens = n,"
                + " user_id = \"date_format(cast(t as timestamp), 'yyyy-MM-dd HH:mm')\" }");

    assertThat(byTokens(events)).extracting(FileSourceReadIT::instant).isEqualTo(expected);
    assertThat(byTokens(events))
        .extracting(row -> row.<Timestamp>getAs("received_at").toInstant())
        .isEqualTo(expected);
    assertThat(byTokens(events).get(0).<String>getAs("user_id")).isEqualTo("2026-07-01 12:00");
    assertThat(spark.conf().get("spark.sql.session.timeZone")).isEqualTo("UTC");
    assertThat(events.sparkSession().conf().get("spark.sql.session.timeZone")).isEqualTo("UTC");
    assertThat(spark.sql("select cast('2026-07-01 12:00:00' as timestamp)").first().getTimestamp(0))
        .isEqualTo(Timestamp.from(Instant.parse("2026-07-01T12:00:00Z")));
  }

  @Test
  void strictSqlAppliesWhateverTheCallersSessionSays() {
    Samples.write(folder.resolve("a.csv"), "t,n,u\n2026-01-01 00:00:00,12.5,ann\n");
    SparkSession lax = spark.newSession();
    lax.conf().set("spark.sql.ansi.enabled", "false");

    assertThat(
            FileSource.read(lax, settings(CSV), discover(CSV).newFiles())
                .first()
                .<String>getAs("read_failure"))
        .isEqualTo("mapping-failed:input_tokens");
  }

  @Test
  void identicalRowsAreSeveralEventsWithIdsOfTheirOwn() {
    String content =
        "t,n,u\n" + "2026-01-01 00:00:00,1,ann\n".repeat(3) + "2026-01-01 00:00:00,1,\n";
    Samples.write(folder.resolve("a.csv"), content);
    String ann = "record:{\"t\":\"2026-01-01 00:00:00\",\"n\":\"1\",\"u\":\"ann\"}";
    String nobody = "record:{\"t\":\"2026-01-01 00:00:00\",\"n\":\"1\"}";

    assertThat(ids(dataset(CSV)))
        .containsExactlyInAnyOrder(
            Samples.derivedId(content, ann, 1),
            Samples.derivedId(content, ann, 2),
            Samples.derivedId(content, ann, 3),
            Samples.derivedId(content, nobody, 1));
  }

  @Test
  void nullsInDifferentPlacesMakeDifferentRows() {
    String content = "t,x,y\n2026-01-01 00:00:00,a,\n2026-01-01 00:00:00,,a\n";
    Samples.write(folder.resolve("a.csv"), content);
    String before = "record:{\"t\":\"2026-01-01 00:00:00\",\"";

    assertThat(ids(dataset("format = csv, options { header = true }, columns { occurred_at = t }")))
        .containsExactlyInAnyOrder(
            Samples.derivedId(content, before + "x\":\"a\"}", 1),
            Samples.derivedId(content, before + "y\":\"a\"}", 1));
  }

  @Test
  void aMalformedRowHasAnIdToo() {
    String content = "t,n,u\nbroken\n";
    Samples.write(folder.resolve("a.csv"), content);

    assertThat(ids(dataset(CSV)))
        .containsExactly(Samples.derivedId(content, "malformed:broken", 1));
  }

  @Test
  void aRenamedOrRecompressedCopyHasTheSameIds() {
    StringBuilder content = new StringBuilder("t,n,u\n");
    for (int i = 0; i < 500; i++) {
      content.append("2026-01-01 00:00:00,").append(i % 100).append(",ann\n");
    }
    Path first = Samples.write(folder.resolve("a.csv"), content.toString());
    List<String> original = ids(dataset(CSV));
    assertThat(original).doesNotHaveDuplicates().hasSize(500);

    assertThat(first.toFile().renameTo(folder.resolve("b.csv").toFile())).isTrue();
    Samples.write(folder.resolve("c.csv"), "u,t\nann,2026-01-01 00:00:00\n");
    assertThat(ids(dataset(CSV))).containsAll(original).hasSize(501);

    assertThat(folder.resolve("b.csv").toFile().delete()).isTrue();
    Samples.write(folder.resolve("d.csv.gz"), Samples.gzip(content.toString()));
    assertThat(ids(dataset(CSV))).containsAll(original);
  }

  @Test
  void idsDoNotDependOnHowTheFileIsSplit() {
    StringBuilder content = new StringBuilder("t,n,u\n");
    for (int i = 0; i < 1_000; i++) {
      content.append("2026-01-01 00:00:00,").append(i % 10).append(",ann\n");
    }
    Samples.write(folder.resolve("a.csv"), content.toString());
    List<String> whole = ids(dataset(CSV));

    String before = spark.sparkContext().getConf().get("spark.sql.files.maxPartitionBytes", "");
    assertThat(before).isEmpty();
    spark.sparkContext().conf().set("spark.sql.files.maxPartitionBytes", "1000");
    try {
      Dataset<Row> split = dataset(CSV);
      assertThat(split.select("raw_record").rdd().getNumPartitions()).isGreaterThan(5);
      assertThat(ids(split)).containsExactlyInAnyOrderElementsOf(whole);
    } finally {
      spark.sparkContext().conf().remove("spark.sql.files.maxPartitionBytes");
    }
  }

  @Test
  void anIdThatIsMappedStaysAsItIsEvenNull() {
    Samples.write(folder.resolve("a.csv"), "t,i\n2026-01-01 00:00:00,e1\n2026-01-01 00:00:00,\n");

    assertThat(
            ids(
                dataset(
                    "format = csv, options { header = true }, columns { occurred_at = t, event_id = i }")))
        .containsExactlyInAnyOrder("e1", null);
  }

  @Test
  void namesMayHaveSpacesUmlautsAndWhateverElseAFileSystemAllows() {
    assumeThat(Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode("ü"))
        .as("this JVM's locale can name such files")
        .isTrue();
    List<String> names =
        List.of(
            "with space.csv",
            "ümläut ß.csv",
            "100%25.csv",
            "a+b&c=d.csv",
            "c[1].csv",
            "q?.csv",
            "st*r.csv",
            "br{a,b}.csv",
            "#hash.csv",
            "it's.csv",
            "日本.csv");
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String content = "t,n,u\n2026-01-01 00:00:00," + i + ",ann\n";
      Samples.write(folder.resolve("in [2] ü").resolve(names.get(i)), content);
      expected.add(
          Samples.derivedId(
              content,
              "record:{\"t\":\"2026-01-01 00:00:00\",\"n\":\"" + i + "\",\"u\":\"ann\"}",
              1));
    }

    List<Row> events = byTokens(read(CSV, folder.resolve("in [2] ü").toString()));

    assertThat(events).extracting(row -> row.<String>getAs("event_id")).isEqualTo(expected);
    assertThat(events)
        .extracting(row -> URI.create(row.getAs("source_name")).getPath())
        .isEqualTo(names.stream().map(name -> folder + "/in [2] ü/" + name).toList());
  }

  @Test
  void aFileThatChangedSinceItsDiscoveryIsRefused() {
    Path file = Samples.write(folder.resolve("a.csv"), "t,n,u\n");
    for (String format : List.of("csv", "json", "parquet")) {
      InputFile before = inputFile(file, "");
      Samples.write(file, "t,n,u\n" + "x".repeat(format.length()));
      assertThatExceptionOfType(PipelineException.class)
          .isThrownBy(
              () ->
                  FileSource.read(
                      spark,
                      settings("format = " + format + ", columns { occurred_at = t }"),
                      List.of(before)))
          .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
          .satisfies(e -> assertThat(e.problem()).contains("a.csv"));
      Samples.write(file, "t,n,u\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "to_timestamp(            | TM-PIP-001 | PARSE_SYNTAX_ERROR",
        "no_such_function(t)      | TM-PIP-001 | no_such_function",
        "array(t)                 | TM-PIP-001 | cannot",
        "missing_column           | TM-PIP-022 | `missing_column`; there are t, n, u",
        "max(t)                   | TM-PIP-0   | max(t)",
        "lead(t) over (order by t)| TM-PIP-023 | one row",
        "if(rand() < 2, t, null)  | TM-PIP-023 | one row",
        "explode(array(t))        | TM-PIP-001 | explode",
      })
  void anExpressionThatCannotBeUsedIsNamed(String expression, String code, String says) {
    Samples.write(folder.resolve("a.csv"), "t,n,u\n2026-01-01 00:00:00,1,ann\n");

    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(
            () ->
                dataset(
                    "format = csv, options { header = true }, columns { occurred_at = \""
                        + expression
                        + "\" }"))
        .satisfies(e -> assertThat(e.code()).startsWith(code))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .withMessageContaining("source.columns.occurred_at")
        .withMessageContaining(says);
  }

  @Test
  void aReaderOptionThatSparkRefusesIsBadUsage() {
    Samples.write(folder.resolve("a.csv"), "t\n");

    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(
            () -> dataset("format = csv, options { quote = abc }, columns { occurred_at = t }"))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-PIP-014"))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
  }

  @Test
  void typesMayBeInferredWithoutOneFileChangingAnothersIds() {
    String content = "t,n,u\n2026-01-01 00:00:00,01,ann\n";
    String inferring = CSV + ", options { header = true, inferSchema = true }";
    Samples.write(folder.resolve("a.csv"), content);
    List<String> alone = ids(dataset(inferring));
    Samples.write(folder.resolve("b.csv"), "t,n,u\n2026-01-01 00:00:00,x,ann\n");

    assertThat(ids(dataset(inferring))).hasSize(2).containsAll(alone);
    assertThat(dataset(inferring).where("read_failure is null").count()).isEqualTo(1);
  }

  @Test
  void jsonIsOneObjectALineAndNumbersKeepTheirText() {
    String first =
        "{\"t\":\"2026-01-01 00:00:00\",\"n\": 12345678901234567, \"u\": 0.12345678901234567890}";
    String second = " {\"t\":\"2026-01-01 00:00:01\",\"n\":\"8\",\"u\":{\"id\":1.10,\"ok\":true}}";
    String content = "\uFEFF" + first + "\r\n\r\n" + second;
    Samples.write(folder.resolve("a.json"), content);

    List<Row> events = byTokens(dataset(JSON));

    assertThat(events)
        .extracting(row -> row.<String>getAs("user_id"))
        .containsExactly("{\"id\":\"1.10\",\"ok\":true}", "0.12345678901234567890");
    assertThat(events)
        .extracting(row -> row.<Long>getAs("input_tokens"))
        .containsExactly(8L, 12345678901234567L);
    assertThat(events)
        .extracting(row -> row.<String>getAs("event_id"))
        .containsExactly(
            Samples.derivedId(content, "record:" + second.strip(), 1),
            Samples.derivedId(content, "record:" + first, 1));
    assertThat(events.get(1).<String>getAs("raw_record")).isEqualTo(first);
  }

  @Test
  void aLineThatIsNoObjectIsAMalformedRecordWithItsText() {
    List<String> malformed =
        List.of(
            "{\"t\":\"2026-01-01 00:00:00\"",
            "nonsense",
            "{\"t\":\"2026-01-01 00:00:00\"} trailing",
            "{\"t\":\"2026-01-01 00:00:00\",\"t\":\"2026-01-01 00:00:01\"}",
            "null",
            "5");
    Samples.write(
        folder.resolve("a.json"),
        String.join("\n", malformed)
            + "\n{\"t\":\"2026-01-01 00:00:00\",\"n\":1,\"u\":\"ann\",\"N\":2}\n");
    Dataset<Row> events = dataset(JSON);

    assertThat(events.where("read_failure = 'malformed-record'").collectAsList())
        .extracting(row -> row.<String>getAs("raw_record"))
        .containsExactlyInAnyOrderElementsOf(malformed);
    assertThat(events.where("read_failure is null").collectAsList())
        .extracting(row -> row.<String>getAs("user_id"))
        .containsExactly("ann");
  }

  @Test
  void aJsonFileWithoutOneReadableLineIsAllMalformed() {
    Samples.write(folder.resolve("a.json"), "nonsense\n");

    assertThat(dataset(JSON).collectAsList())
        .extracting(row -> row.<String>getAs("read_failure"))
        .containsExactly("malformed-record");
  }

  @Test
  void jsonMaySpanLinesInArraysOrOneAfterTheOther() {
    String options = JSON + ", options { multiLine = true }";
    Samples.write(
        folder.resolve("a.json"),
        "[\n {\"t\": \"2026-01-01 00:00:00\",\n  \"n\": 1},\n {\"t\": \"2026-01-01 00:00:00\", \"n\": 2} ]");
    Samples.write(
        folder.resolve("b.json.gz"),
        Samples.gzip(
            "\uFEFF{\n\"t\": \"2026-01-01 00:00:00\", \"n\": 3, \"u\": \"ann\"}\n{\"t\": \"2026-01-01 00:00:00\", \"n\": 4}"));
    Samples.write(folder.resolve("c.json"), "[{\"t\": \"2026-01-01 00:00:00\"}");

    Dataset<Row> events = dataset(options);

    assertThat(byTokens(events.where("read_failure is null")))
        .extracting(row -> row.<Long>getAs("input_tokens"))
        .containsExactly(1L, 2L, 3L, 4L);
    assertThat(events.where("read_failure is not null").collectAsList())
        .extracting(row -> row.<String>getAs("raw_record"))
        .containsExactly("[{\"t\": \"2026-01-01 00:00:00\"}");
  }

  @Test
  void jsonIdsDoNotDependOnTheFilesBeside() {
    Samples.write(
        folder.resolve("a.json"), "{\"t\":\"2026-01-01 00:00:00\",\"n\":1,\"u\":{},\"z\":[]}\n");
    List<String> alone =
        ids(dataset("format = json, columns { occurred_at = \"to_timestamp(t)\" }"));
    Samples.write(
        folder.resolve("b.json"),
        "{\"t\":{\"x\":1},\"n\":\"1\",\"u\":{\"k\":1},\"z\":[{\"q\":1}],\"more\":1}\n");

    Dataset<Row> together = dataset("format = json, columns { occurred_at = \"to_timestamp(t)\" }");

    assertThat(ids(together)).hasSize(2).containsAll(alone);
    assertThat(together.where("read_failure = 'mapping-failed:occurred_at'").count()).isEqualTo(1);
  }

  @Test
  void aFieldThatSomeFilesHaveIsNullInTheOthersAndOneThatNoneHasIsRefused() {
    Samples.write(folder.resolve("a.json"), "{\"t\":\"2026-01-01 00:00:00\",\"n\":1}\n");

    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(() -> dataset(JSON))
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-PIP-022"))
        .satisfies(e -> assertThat(e.reason()).contains("`u`", "n, t"));

    Samples.write(
        folder.resolve("b.json"), "{\"t\":\"2026-01-01 00:00:00\",\"n\":2,\"u\":\"ann\"}\n");
    assertThat(byTokens(dataset(JSON)))
        .extracting(row -> row.<String>getAs("user_id"))
        .containsExactly(null, "ann");
  }

  @Test
  void parquetIsTakenAsItIsEachFileByItsOwnSchema() {
    String parquet =
        "format = parquet, time-zone = Europe/Berlin, columns { occurred_at = t, input_tokens = n,"
            + " user_id = u, received_at = local }";
    spark
        .sql(
            "select timestamp_micros(1767225600123456) t, 5L n, 'ann' u,"
                + " timestamp_ntz'2026-07-01 12:00:00.000001' local")
        .coalesce(1)
        .write()
        .parquet(folder.resolve("one").toString());
    spark
        .sql(
            "select 'bob' u, 6.0D n, timestamp_micros(1767225600123456) t union all select 'x', 6.5D, null")
        .coalesce(1)
        .write()
        .parquet(folder.resolve("two").toString());

    Dataset<Row> events = read(parquet, folder + "/*");

    assertThat(byTokens(events.where("read_failure is null")))
        .extracting(
            row -> row.getAs("user_id") + " " + row.getAs("input_tokens") + " " + instant(row))
        .containsExactly("ann 5 2026-01-01T00:00:00.123456Z", "bob 6 2026-01-01T00:00:00.123456Z");
    assertThat(byTokens(events.where("user_id = 'ann'")).get(0).<Timestamp>getAs("received_at"))
        .isEqualTo(Timestamp.from(Instant.parse("2026-07-01T10:00:00.000001Z")));
    assertThat(events.where("read_failure is not null").collectAsList())
        .extracting(row -> row.getAs("read_failure") + " " + row.getAs("raw_record"))
        .containsExactly("mapping-failed:input_tokens {\"u\":\"x\",\"n\":6.5}");
    assertThat(ids(events)).doesNotHaveDuplicates().doesNotContainNull();
  }

  @Test
  void parquetRowsThatDifferByAMicrosecondHaveIdsWhateverTheZone() {
    spark
        .range(2)
        .selectExpr("timestamp_micros(id) t", "cast(timestamp_micros(id) as timestamp_ntz) l")
        .coalesce(1)
        .write()
        .parquet(folder.resolve("p").toString());
    String parquet = "format = parquet, columns { occurred_at = t }";

    Dataset<Row> utc = read(parquet, folder + "/p");
    Dataset<Row> berlin = read(parquet + ", time-zone = Europe/Berlin", folder + "/p");

    assertThat(ids(utc)).doesNotHaveDuplicates();
    assertThat(
            utc.select("event_id", "occurred_at")
                .except(berlin.select("event_id", "occurred_at"))
                .count())
        .isZero();
    assertThat(utc.collectAsList())
        .extracting(row -> row.<String>getAs("raw_record"))
        .containsExactlyInAnyOrder(
            "{\"t\":\"1970-01-01T00:00:00.000000Z\",\"l\":\"1970-01-01T00:00:00.000000\"}",
            "{\"t\":\"1970-01-01T00:00:00.000001Z\",\"l\":\"1970-01-01T00:00:00.000001\"}");
  }

  @Test
  void aParquetFileThatIsNoneIsDamaged() {
    Samples.write(
        folder.resolve("a.parquet"), "this is text, and long enough to look for a footer");

    assertThatExceptionOfType(PipelineException.class)
        .isThrownBy(() -> dataset("format = parquet, columns { occurred_at = t }"))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
        .satisfies(e -> assertThat(e.problem()).contains("a.parquet", "damaged"));
  }

  private Dataset<Row> dataset(String source) {
    return read(source, folder.toString());
  }

  private Dataset<Row> read(String source, String path) {
    FileSourceSettings settings = Samples.settings(source + ", path = \"" + path + "\"");
    return FileSource.read(
        spark, settings, FileSource.discover(spark, settings, List.of()).newFiles());
  }

  private FileDiscovery discover(String source) {
    return FileSource.discover(spark, settings(source), List.of());
  }

  private FileSourceSettings settings(String source) {
    return Samples.settings(source + ", path = \"" + folder + "\"");
  }

  private static InputFile inputFile(Path file, String content) {
    return new InputFile(
        "file:" + file,
        file.toFile().length(),
        Instant.ofEpochMilli(file.toFile().lastModified()),
        Samples.sha256(content));
  }

  private static Instant instant(Row row) {
    return row.<Timestamp>getAs("occurred_at").toInstant();
  }

  private static List<Row> byTokens(Dataset<Row> events) {
    return events.collectAsList().stream()
        .sorted(
            Comparator.comparing(
                row -> row.<Long>getAs("input_tokens"),
                Comparator.nullsFirst(Comparator.naturalOrder())))
        .toList();
  }

  private static List<String> ids(Dataset<Row> events) {
    return events.collectAsList().stream().map(row -> row.<String>getAs("event_id")).toList();
  }
}
