package dev.tidemark.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.session.SparkSessions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TidemarkSqlIT {
  @TempDir static Path folder;
  private static Path config;

  @BeforeAll
  static void makeALake() throws IOException {
    String hocon =
        "home = \"%1$s\", lake.path = \"%1$s/lake\", spark.sql.shuffle.partitions = 2"
            .formatted(folder);
    config = Files.writeString(folder.resolve("my.conf"), hocon);
    try (SparkSession spark = SparkSessions.open(Settings.parse(hocon), "TidemarkSqlIT")) {
      spark
          .sql(
              """
              SELECT id, concat('name "', id, '", or so') AS name,
                timestamp '2026-03-29 01:30:00.000250' AS at, date '2026-03-29' AS day,
                CAST(0.0000001 AS decimal(20, 10)) AS cost, unhex('00ff') AS bytes,
                array(named_struct('a', 1.5D, 'b', CAST(null AS string))) AS nested,
                map('k', id) AS pairs, IF(id = 1, '', null) AS note
              FROM range(0, 3)
              """)
          .repartition(1)
          .sortWithinPartitions("id")
          .write()
          .format("delta")
          .save(folder + "/lake/things");
    }
  }

  @Test
  void csvIsQuotedAsRfc4180Says() {
    Answer answer =
        sql("--format", "csv", "-e", "SELECT id, name, note, at, day, cost, bytes FROM things");

    assertThat(answer.exit()).isZero();
    assertThat(answer.out())
        .isEqualTo(
            """
            id,name,note,at,day,cost,bytes\r
            0,"name ""0"", or so",,2026-03-29T01:30:00.000250Z,2026-03-29,0.0000001000,00ff\r
            1,"name ""1"", or so","",2026-03-29T01:30:00.000250Z,2026-03-29,0.0000001000,00ff\r
            2,"name ""2"", or so",,2026-03-29T01:30:00.000250Z,2026-03-29,0.0000001000,00ff\r
            """);
  }

  /** Delta would answer from its log, and fail over the type of the date. */
  @Test
  void theNewestDayIsFoundAlsoWhereTheLogKnowsIt() {
    Answer answer =
        sql(
            "--format",
            "csv",
            "-e",
            "SELECT max(day), count(*) FROM things WHERE day = (SELECT max(day) FROM things)");

    assertThat(answer.exit()).as(answer.err()).isZero();
    assertThat(answer.out()).endsWith("\r\n2026-03-29,3\r\n");
  }

  @Test
  void jsonIsOneArrayOnOneLine() {
    String query =
        "SELECT id, note, at, cost, bytes, nested, pairs, id = 1 AS one FROM things WHERE id < 2";
    String expected =
        """
        [{"id":0,"note":null,"at":"2026-03-29T01:30:00.000250Z","cost":0.0000001000,\
        "bytes":"00ff","nested":[{"a":1.5,"b":null}],"pairs":{"k":0},"one":false},\
        {"id":1,"note":"","at":"2026-03-29T01:30:00.000250Z","cost":0.0000001000,\
        "bytes":"00ff","nested":[{"a":1.5,"b":null}],"pairs":{"k":1},"one":true}]
        """;

    assertThat(sql("--json", "-e", query).out()).isEqualTo(expected);
    assertThat(sql("--format", "JSON", "-e", query).out()).isEqualTo(expected);
  }

  @Test
  void aResultWithoutRowsStillHasItsHeader() {
    String query = "SELECT id, name FROM things WHERE id > 5";

    assertThat(sql("--format", "csv", "-e", query).out()).isEqualTo("id,name\r\n");
    assertThat(sql("--json", "-e", query).out()).isEqualTo("[]\n");
    assertThat(sql("-e", query).out().lines().findFirst()).hasValue("id  name");
  }

  @Test
  void aTableSaysHowManyRowsItLeavesOut() {
    assertThat(sql("--limit", "2", "-e", "SELECT id FROM things").out())
        .isEqualTo("id\n──\n 0\n 1\n… and 1 more rows (--limit 0 shows all)\n");
    assertThat(sql("--limit", "3", "-e", "SELECT id FROM things").out()).doesNotContain("more");
    assertThat(sql("--limit", "0", "-e", "SELECT id FROM range(150)").out().lines()).hasSize(152);
  }

  @Test
  void severalStatementsRunOneAfterAnother() {
    Answer answer =
        sql(
            "--format",
            "csv",
            "-e",
            "CREATE TEMPORARY VIEW many AS SELECT * FROM things WHERE id > 0; SELECT id FROM many;");

    assertThat(answer.out()).isEqualTo("id\r\n1\r\n2\r\n");
  }

  @Test
  void aRefusedStatementIsTheUsersToMend() {
    Answer answer = sql("-e", "SELECT colour FROM things");

    assertThat(answer.exit()).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err())
        .startsWith("TM-JOB-001: ")
        .contains("colour", "Remedy")
        .hasLineCount(3);
  }

  @Test
  void aStatementThatFailsOverTheDataIsToldByItsInnermostCause() {
    Answer answer = sql("--json", "-e", "SELECT 1 / (id - id) FROM things");

    assertThat(answer.exit()).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).contains("DIVIDE_BY_ZERO").hasLineCount(3);
  }

  @Test
  void anOpenQuoteIsRefusedBeforeAnythingRuns() {
    Answer answer = sql("-e", "SELECT 1; SELECT 'a");

    assertThat(answer.exit()).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).contains("TM-JOB-002", "a quote");
  }

  @Test
  void aLakeThatIsNotThereIsToldWithTheRemedy() throws IOException {
    Path elsewhere = Files.writeString(folder.resolve("none.conf"), "lake.path = /nowhere");

    Answer answer = run("--config", elsewhere.toString(), "-e", "SELECT 1");

    assertThat(answer.exit()).isEqualTo(2);
    assertThat(answer.err()).contains("TM-PIP-042", "tidemark demo");
  }

  @Test
  void contradictoryOptionsAreRefused() {
    assertThat(sql("--json", "--format", "csv", "-e", "SELECT 1").exit()).isEqualTo(2);
    assertThat(sql("--limit", "-1", "-e", "SELECT 1").exit()).isEqualTo(2);
    assertThat(sql("--format", "xml", "-e", "SELECT 1").exit()).isEqualTo(2);
  }

  @Test
  void theShellReadsOnUntilTheSemicolonSurvivesErrorsAndRemembers() throws IOException {
    Path history = folder.resolve("history/sql_history");
    String screen =
        shell(history, "\\d\r", "SELECT id\r", "FROM things WHERE id = 2;\r", "FROM x;\r", "\\q\r");

    assertThat(screen)
        .contains("things")
        .containsPattern("id\\R──\\R 2\\R")
        .contains("TABLE_OR_VIEW_NOT_FOUND");
    assertThat(Files.readString(history)).contains("SELECT id", "FROM things");
  }

  @Test
  void theShellCompletesNamesAndEndsWithTheInput() throws IOException {
    String screen =
        shell(
            folder.resolve("other_history"),
            "SELECT sqr\t1600) + count(nes\t) FROM thin\t;\r",
            "\u0004");

    assertThat(screen).containsPattern("\\R *43.0\\R");
  }

  private static String shell(Path history, String... typed) throws IOException {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    byte[] keys = String.join("", typed).getBytes(StandardCharsets.UTF_8);
    // Held open: at the end of its input a terminal hangs up.
    try (PipedOutputStream keyboard = new PipedOutputStream();
        Terminal terminal =
            TerminalBuilder.builder()
                .system(false)
                .type("ansi")
                .encoding(StandardCharsets.UTF_8)
                .streams(new PipedInputStream(keyboard, keys.length), screen)
                .build();
        SqlSession session = SqlSession.open(Settings.load(Optional.of(config)))) {
      terminal.enterRawMode();
      keyboard.write(keys);
      keyboard.flush();
      new SqlShell(session, terminal, history, Format.TABLE, 10).run();
      terminal.flush();
    }
    return screen.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[[0-9;?]*[a-zA-Z]", "");
  }

  private static Answer sql(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--config", config.toString()));
    all.addAll(List.of(arguments));
    return run(all.toArray(String[]::new));
  }

  private static Answer run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        TidemarkSql.run(
            new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false),
            arguments);
    return new Answer(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private record Answer(int exit, String out, String err) {}
}
