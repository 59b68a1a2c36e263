package dev.tidemark.pipeline.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.lake.Lake;
import dev.tidemark.pipeline.landing.Landing;
import dev.tidemark.pipeline.landing.LandingReport;
import dev.tidemark.pipeline.reconciliation.Reconciliation;
import dev.tidemark.pipeline.rollup.Rollup;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.RawEvents;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.FaultyFileSystem;
import dev.tidemark.pipeline.testing.ListSource;
import dev.tidemark.pipeline.testing.Overtaken;
import dev.tidemark.pipeline.testing.TestLake;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Erasure of a person (EX-21). */
class ErasureIT {
  private static final Instant FROZEN = Instant.parse("2026-03-01T10:00:00Z");
  private static final Instant LIVE = Instant.parse("2026-03-03T10:00:00Z");
  private static final Instant THROUGH = Instant.parse("2026-03-10T00:00:00Z");
  private static final Subject ANNA = new Subject("organization-1", Optional.of("anna"));

  @TempDir Path folder;
  private Lake lake;
  private final ListSource source = new ListSource("list");

  @Test
  void aPersonLeavesEventsRollupsAndQuarantineAndDoesNotComeBack() {
    lake = TestLake.create(folder);
    List<Row> anna = new ArrayList<>(of("anna", FROZEN, 3));
    anna.addAll(of("anna", LIVE, 2));
    List<Row> bert = new ArrayList<>(of("bert", FROZEN, 5));
    bert.addAll(of("bert", LIVE, 7));
    land(source, anna);
    land(source, bert);
    land(source, refused(of("anna", LIVE, 1)));
    land(source, refused(of("bert", LIVE, 1)));
    rollup();
    LocalDate horizon = LocalDate.parse("2026-03-02");
    lake.usageEvents().retire("event_date", version -> Optional.of(horizon));
    rollup();
    assertThat(daily())
        .containsExactly(
            "[2026-03-01,anna,3,300]",
            "[2026-03-01,bert,5,500]",
            "[2026-03-03,anna,2,200]",
            "[2026-03-03,bert,7,700]");

    ErasureReport report = new Erasure(lake, "run").run(ANNA, THROUGH, Optional.of("request-1"));
    rollup();

    assertThat(report).isEqualTo(new ErasureReport("run", THROUGH, 2, 1, 1, Optional.of(horizon)));
    List<String> withoutAnna = List.of("[2026-03-01,bert,5,500]", "[2026-03-03,bert,7,700]");
    assertThat(daily()).isEqualTo(withoutAnna);
    assertThat(TestLake.rows(lake, "SELECT DISTINCT user_id FROM ${hourly}"))
        .extracting(Row::toString)
        .containsExactly("[bert]");
    assertThat(TestLake.rows(lake, "SELECT DISTINCT user_id FROM ${events}"))
        .extracting(Row::toString)
        .containsExactly("[bert]");
    assertThat(TestLake.rows(lake, "SELECT raw_record FROM ${quarantined}"))
        .singleElement()
        .matches(row -> row.getString(0).contains("bert"));
    assertThat(TestLake.rows(lake, "SELECT * FROM delta.`" + folder + "/erasures`"))
        .singleElement()
        .asString()
        .contains("request-1")
        .doesNotContain("anna", "organization-1");

    // Delivered again, refused or not, by file or from a dump: nothing of it is kept.
    LandingReport again = land(source, anna);
    assertThat(again)
        .extracting(LandingReport::landed, LandingReport::quarantined)
        .containsExactly(0L, 0L);
    land(source, refused(of("anna", LIVE, 1)));
    assertThat(TestLake.value(lake, "SELECT count(*) FROM ${quarantined}")).isEqualTo(1L);
    // Of another organization, and after the erasure, there may be somebody of that name.
    land(source, of("anna", THROUGH.plusSeconds(1), 1));
    List<Row> elsewhere = with(of("anna", LIVE, 1), "organization_id", "organization-2");
    land(source, elsewhere);
    rollup();
    assertThat(daily())
        .containsExactly(
            "[2026-03-01,bert,5,500]",
            "[2026-03-03,anna,1,100]",
            "[2026-03-03,bert,7,700]",
            "[2026-03-10,anna,1,100]");
    assertThat(
            new Reconciliation(lake, Optional.empty(), Optional.empty())
                .run(source, Duration.ofDays(3650), "test")
                .mismatches())
        .isZero();

    assertThat(
            new Erasure(lake, "again")
                .run(new Subject("organization-1", Optional.empty()), THROUGH, Optional.empty())
                .events())
        .as("the whole organization, up to then")
        .isEqualTo(7);
    rollup();
    assertThat(daily()).containsExactly("[2026-03-03,anna,1,100]", "[2026-03-10,anna,1,100]");
    assertThat(land(source, bert).landed()).isZero();
  }

  /** The landing has judged the events when the erasure comes. */
  @Test
  void aLandingThatAnErasureOvertakesLandsNothingOfThePerson() {
    lake = TestLake.create(folder);
    source.deliver(of("anna", LIVE, 2));
    source.deliver(of("bert", LIVE, 1));

    LandingReport report =
        new Landing(lake, Duration.ofDays(3650), "test")
            .land(
                new Overtaken(
                    source, () -> new Erasure(lake, "run").run(ANNA, THROUGH, Optional.empty())));

    assertThat(report.landed()).isEqualTo(1);
    assertThat(TestLake.rows(lake, "SELECT DISTINCT user_id FROM ${events}"))
        .extracting(Row::toString)
        .containsExactly("[bert]");
  }

  /** The landing has looked for tombstones the last time, and has not begun to write. */
  @Test
  void aLandingThatHasJustReadTheTombstonesLandsNothingOfThePerson() {
    lake = TestLake.create(folder);
    FaultyFileSystem.register(lake.spark().sparkContext().hadoopConfiguration());
    Lake slow = Lake.at(lake.spark(), "faulty:" + folder);
    source.deliver(of("anna", LIVE, 2));
    source.deliver(of("bert", LIVE, 1));
    FaultyFileSystem.before(
        "landings",
        1,
        () ->
            FaultyFileSystem.whileReading(
                "erasures", () -> new Erasure(lake, "run").run(ANNA, THROUGH, Optional.empty())));

    LandingReport report = new Landing(slow, Duration.ofDays(3650), "test").land(source);

    assertThat(FaultyFileSystem.isArmed()).isFalse();
    assertThat(report.landed()).isEqualTo(1);
    assertThat(TestLake.rows(lake, "SELECT DISTINCT user_id FROM ${events}"))
        .extracting(Row::toString)
        .containsExactly("[bert]");
  }

  private static List<Row> of(String user, Instant at, int count) {
    return with(EventGenerator.alike(at, count), "user_id", user);
  }

  private static List<Row> refused(List<Row> rows) {
    return with(rows, "input_tokens", -1L);
  }

  private static List<Row> with(List<Row> rows, String column, Object value) {
    int place = RawEvents.SCHEMA.fieldIndex(column);
    return rows.stream()
        .map(
            row -> {
              Object[] values = new Object[row.length()];
              for (int i = 0; i < values.length; i++) {
                values[i] = i == place ? value : row.get(i);
              }
              return RowFactory.create(values);
            })
        .toList();
  }

  private List<String> daily() {
    return TestLake.rows(
            lake,
            "SELECT usage_date, user_id, sum(request_count), sum(input_tokens) FROM ${daily}"
                + " GROUP BY ALL ORDER BY ALL")
        .stream()
        .map(Row::toString)
        .toList();
  }

  private LandingReport land(EventSource from, List<Row> events) {
    source.deliver(events);
    return new Landing(lake, Duration.ofDays(3650), "test").land(from);
  }

  private void rollup() {
    new Rollup(lake, "test", (table, partition, done, of) -> {}).run();
  }
}
