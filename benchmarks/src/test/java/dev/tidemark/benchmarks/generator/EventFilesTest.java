package dev.tidemark.benchmarks.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFilesTest {
  private static final long DELIVERIES = 300_000;

  @TempDir private static Path folder;
  private static EventFiles.Written written;

  @BeforeAll
  static void write() throws Exception {
    written = files(7, 2).all(folder, "events");
  }

  private static EventFiles files(long seed, int threads) {
    return new EventFiles(new EventSequence(DELIVERIES, Span.MONTH, seed), threads, line -> {});
  }

  @Test
  void totalsAreThoseThatDuckDbFinds() throws Exception {
    Totals found =
        query(
            """
            SELECT count(*), count_if(status <> 'success'), sum(input_tokens)::BIGINT,
              sum(cached_input_tokens)::BIGINT, sum(output_tokens)::BIGINT, sum(cost_nano_usd)::BIGINT,
              count(latency_ms), sum(latency_ms)::BIGINT
            FROM (SELECT DISTINCT ON (event_id, occurred_at) * FROM ${files})
            """,
            row ->
                new Totals(
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getLong(7),
                    row.getLong(8)));

    assertThat(found).isEqualTo(written.totals());
    assertThat(number("SELECT count(*) FROM ${files}")).isEqualTo(DELIVERIES);
    assertThat(number("SELECT count(DISTINCT event_id) FROM ${files}")).isEqualTo(found.events());
  }

  @Test
  void sharesAreAsPromised() throws Exception {
    double events = written.totals().events();
    assertThat(1 - events / DELIVERIES).isCloseTo(0.005, within(0.0005));
    assertThat(written.totals().errors() / events).isCloseTo(0.03, within(0.002));
    assertThat(
            number(
                    """
                    SELECT count(DISTINCT event_id) FROM (
                      SELECT event_id, min(received_at) - any_value(occurred_at) AS late FROM ${files} GROUP BY 1
                    ) WHERE late >= INTERVAL 5 MINUTES AND late <= INTERVAL 30 DAYS
                    """)
                / events)
        .isCloseTo(0.02, within(0.002));
    // Zipf: the first of 10,000 has a share of 1 / H(10,000) = 0.1022, the second half of it
    assertThat(
            number(
                    "SELECT max(n) FROM (SELECT count(*) AS n FROM ${files} GROUP BY organization_id)")
                / (double) DELIVERIES)
        .isCloseTo(0.1022, within(0.003));
    assertThat(number("SELECT count(DISTINCT model) FROM ${files}")).isEqualTo(50);
    // Log-normal: the mean lies e^(sigma²/2) over the median
    assertThat(number("SELECT 1000 * avg(latency_ms) / median(latency_ms) FROM ${files}"))
        .isCloseTo(Math.round(1000 * Math.exp(0.9 * 0.9 / 2)), within(30L));
  }

  @Test
  void allLieWithinTheSpanAndArriveAfterTheyHappened() throws Exception {
    assertThat(
            number(
                """
                SELECT count(*) FROM ${files} WHERE occurred_at < '2025-01-01T00:00:00Z'
                  OR received_at >= '2025-01-31T00:00:00Z' OR occurred_at > received_at
                """))
        .isZero();
  }

  @Test
  void theSameSequenceIsTheSameBytesAndAnotherSeedOtherEvents() throws Exception {
    EventFiles.Written again = files(7, 1).all(folder, "again");
    EventFiles.Written other = files(8, 1).all(folder, "other");

    assertThat(again.totals()).isEqualTo(written.totals());
    assertThat(again.files()).hasSameSizeAs(written.files());
    for (int file = 0; file < again.files().size(); file++) {
      assertThat(Files.mismatch(again.files().get(file), written.files().get(file))).isEqualTo(-1);
    }
    assertThat(other.totals()).isNotEqualTo(written.totals());
  }

  @Test
  void totalsOfPartsAddUpAndAreKept() throws Exception {
    EventFiles files = files(7, 2);

    Totals first = files.write(folder.resolve("first"), 0, 100_001);
    Totals rest = files.write(folder.resolve("rest"), 100_001, DELIVERIES);

    assertThat(first.plus(rest)).isEqualTo(written.totals());
    assertThat(files.all(folder, "events").totals()).isEqualTo(written.totals());
  }

  private long number(String sql) throws Exception {
    return query(sql, row -> row.getLong(1));
  }

  @FunctionalInterface
  private interface Reading<T> {
    T of(ResultSet row) throws SQLException;
  }

  private <T> T query(String sql, Reading<T> reading) throws Exception {
    List<Path> files = written.files();
    String all =
        "read_parquet(['"
            + String.join("', '", files.stream().map(Path::toString).toList())
            + "'])";
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet rows = statement.executeQuery(sql.replace("${files}", all))) {
      rows.next();
      return reading.of(rows);
    }
  }
}
