package dev.tidemark.pipeline.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.ChangeSets;
import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.lake.LakeChangeSets.Extent;
import dev.tidemark.pipeline.lake.LakeChangeSets.Step;
import dev.tidemark.pipeline.lake.LakeSchema.State;
import dev.tidemark.pipeline.testing.TestLake;
import dev.tidemark.pipeline.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program's change sets one by one, and change sets of tests that alter tables. */
class LakeRollbackIT {
  private static final Optional<String> TEST = Optional.of("a test");

  @TempDir Path folder;

  /** Apply, verify, rollback, equal to before, apply, equal again: each change set there is. */
  @Test
  void everyChangeSetOfTheProgramGoesBackExactly() {
    Lake lake = TestLake.create(folder);
    LakeChangeSets sets = new LakeChangeSets(lake, "operator");
    SortedMap<String, TableShape> whole = shapes(lake);
    List<ChangeSet> known =
        ChangeSets.readResources(LakeRollbackIT.class.getClassLoader(), "db/analytics");
    LakeChangeSets.Verification verified = sets.verify();
    assertThat(verified.differences()).isEmpty();
    assertThat(verified.checks()).hasSizeGreaterThanOrEqualTo(known.size());
    assertThat(verified.mismatches()).isZero();

    List<SortedMap<String, TableShape>> before = new ArrayList<>();
    for (int applied = known.size(); applied > 0; applied--) {
      before.add(shapes(lake));
      assertThat(sets.rollback(new Extent.Last(1), Optional.empty()))
          .extracting(Step::name)
          .containsExactly(known.get(applied - 1).name());
    }
    assertThat(shapes(lake)).isEmpty();
    for (int applied = 1; applied <= known.size(); applied++) {
      long version = Long.parseLong(known.get(applied - 1).version());
      assertThat(sets.apply(Optional.of(version))).hasSize(1);
      assertThat(withoutKey(shapes(lake)))
          .as(known.get(applied - 1).name())
          .isEqualTo(withoutKey(before.get(known.size() - applied)));
    }
    assertThat(withoutKey(shapes(lake))).isEqualTo(withoutKey(whole));
    assertThat(sets.status().operations())
        .extracting(LakeOperation::actor, LakeOperation::outcome)
        .contains(
            tuple("operator", LakeOperation.Outcome.BEGUN),
            tuple("operator", LakeOperation.Outcome.DONE));
  }

  @Test
  void noRunGoesOnInALakeThatWasRolledBackAndRowsAreNotLostInSilence() {
    Lake lake = TestLake.create(folder);
    LakeChangeSets sets = new LakeChangeSets(lake);
    lake.table("job_runs")
        .appendRows(
            List.of(
                Arrays.asList(
                    "r",
                    "rollup",
                    "files:x",
                    Instant.EPOCH,
                    Instant.EPOCH,
                    "done",
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null)));
    Extent all = new Extent.To(0);

    assertThat(sets.planRollback(all))
        .flatExtracting(LakeChangeSets.Plan::losses)
        .containsExactly("1 rows of job_runs");
    assertRefused(() -> sets.rollback(all, Optional.empty()), "TM-PIP-134", "1 rows of job_runs");
    assertThat(sets.status().first(State.ROLLED_BACK, State.ROLLING_BACK)).isEmpty();
    assertThat(lake.table("job_runs").exists()).isTrue();

    assertThat(sets.rollback(all, TEST)).hasSize(known().size());
    assertThat(sets.status().operations())
        .filteredOn(operation -> operation.reason().isPresent())
        .isNotEmpty();
    assertThat(folder).isDirectoryContaining("glob:**/change_sets");
    assertThat(folder).isDirectoryNotContaining("glob:**/job_runs");
    assertRefused(sets::upgrade, "TM-PIP-133", "job lake apply");
    assertRefused(sets::requireLake, "TM-PIP-133");
    assertThat(sets.rollback(all, TEST)).isEmpty();
    assertRefused(() -> sets.rollback(new Extent.To(202001010000L), TEST), "TM-PIP-137");

    assertThat(sets.apply()).hasSize(known().size());
    assertThat(sets.upgrade()).isEmpty();
  }

  /** An ALTER is a commit of its own: whatever was done before a kill is not done again. */
  @Test
  void anAttemptThatWasInterruptedGoesOnWhereItStopped() throws IOException {
    Lake lake = new Lake(TestSpark.session(), folder.resolve("lake").toString());
    write(
        "202601010900_notes",
        "CREATE TABLE IF NOT EXISTS delta.`${lake}/notes` (id BIGINT"
            + " COMMENT 'Number') USING DELTA COMMENT 'Notes';",
        "DROP TABLE IF EXISTS delta.`${lake}/notes`;",
        "SELECT count(*) >= 0 FROM delta.`${lake}/notes`;");
    sets(lake).apply();
    lake.spark().sql("INSERT INTO " + lake.table("notes").sqlName() + " VALUES (1), (2)");
    String alters =
        """
        ALTER TABLE delta.`${lake}/notes` ADD COLUMNS (size BIGINT COMMENT 'Bytes');
        UPDATE delta.`${lake}/notes` SET size = coalesce(size, 0) + 10;
        ALTER TABLE delta.`${lake}/notes` SET TBLPROPERTIES ('notes.kind' = 'sized');
        """;
    String back =
        """
        ALTER TABLE delta.`${lake}/notes` UNSET TBLPROPERTIES IF EXISTS ('notes.kind');
        ALTER TABLE delta.`${lake}/notes` DROP COLUMNS IF EXISTS (size);
        """;
    String verify = "SELECT count(size) = count(*) FROM delta.`${lake}/notes`;";
    write("202601020900_sizes", alters + "SELECT nonsense FROM nowhere;", back, verify);
    TableShape before = lake.table("notes").shape();

    assertRefused(() -> sets(lake).apply(), "TM-PIP-130", "202601020900_sizes/apply.sql", "line 4");
    assertThat(sets(lake).status().first(State.APPLYING)).isPresent();
    assertThat(sets(lake).status().operations())
        .last()
        .matches(last -> last.failure().orElse("").startsWith("TM-PIP-130"))
        .matches(last -> last.duration().isPresent());

    write("202601020900_sizes", alters, back, verify);
    assertThat(sets(lake).planApply(Optional.empty()))
        .flatExtracting(LakeChangeSets.Plan::changes)
        .isEmpty();
    assertThat(sets(lake).apply()).containsExactly("202601020900_sizes");
    assertThat(values(lake, "SELECT DISTINCT size FROM ")).containsExactly("10");
    assertThat(sets(lake).verify().mismatches()).isZero();

    assertRefused(
        () -> sets(lake).rollback(new Extent.Last(1), Optional.empty()),
        "TM-PIP-134",
        "values of notes.size");
    assertThat(sets(lake).rollback(new Extent.To(202601010900L), TEST)).hasSize(1);
    assertThat(lake.table("notes").shape()).isEqualTo(before);
    assertThat(values(lake, "SELECT count(*) FROM ")).containsExactly("2");

    // Applied anew, it begins anew; no value of before comes back.
    assertThat(sets(lake).planApply(Optional.empty()))
        .flatExtracting(LakeChangeSets.Plan::changes)
        .extracting(LakeDifference::subject)
        .containsExactly("column size", "property notes.kind");
    assertThat(lake.table("notes").shape()).isEqualTo(before);
    sets(lake).apply();
    assertThat(values(lake, "SELECT DISTINCT size FROM ")).containsExactly("10");

    write("202601020900_sizes", alters.replace("+ 10", "+ 11"), back, verify);
    assertRefused(() -> sets(lake).apply(), "TM-PIP-131", "202601020900_sizes");
    assertRefused(() -> sets(lake).upgrade(), "TM-PIP-131");
    write("202601020900_sizes", "-- a comment\n" + alters, back, verify);
    assertThat(sets(lake).upgrade()).isEmpty();
    write(
        "202601010930_late",
        "CREATE TABLE IF NOT EXISTS delta.`${lake}/late` (id BIGINT) USING" + " DELTA;",
        "DROP TABLE IF EXISTS delta.`${lake}/late`;",
        "SELECT true;");
    assertRefused(() -> sets(lake).upgrade(), "TM-PIP-132", "202601010930_late");
  }

  /** As two hourly runs after an upgrade: each statement is done once, and both end well. */
  @Test
  void twoProgramsThatApplyAtOnceDoEachStatementOnce() throws Exception {
    Lake lake = new Lake(TestSpark.session(), folder.resolve("lake").toString());
    write(
        "202601010900_notes",
        "CREATE TABLE IF NOT EXISTS delta.`${lake}/notes` (id BIGINT) USING DELTA;"
            + "INSERT INTO delta.`${lake}/notes` VALUES (1);"
            + "ALTER TABLE delta.`${lake}/notes` ADD COLUMNS (size BIGINT);"
            + "UPDATE delta.`${lake}/notes` SET size = coalesce(size, 0) + 10;",
        "DROP TABLE IF EXISTS delta.`${lake}/notes`;",
        "SELECT true;");
    List<CompletableFuture<List<String>>> both =
        List.of(
            CompletableFuture.supplyAsync(() -> sets(lake).upgrade()),
            CompletableFuture.supplyAsync(() -> sets(lake).upgrade()));

    for (CompletableFuture<List<String>> one : both) {
      assertThat(one.get(5, TimeUnit.MINUTES)).hasSizeLessThanOrEqualTo(1);
    }
    assertThat(values(lake, "SELECT concat(id, ' ', size) FROM ")).containsExactly("1 10");
    assertThat(sets(lake).status().all(State.APPLIED)).hasSize(1);
    assertThat(sets(lake).upgrade()).isEmpty();
  }

  @Test
  void whatWasAlteredByHandIsTold() {
    Lake lake = TestLake.create(folder);
    String hourly = lake.usageHourly().sqlName();
    String daily = lake.usageDaily().sqlName();
    for (String byHand :
        List.of(
            "ALTER TABLE " + hourly + " ADD COLUMNS (mine STRING)",
            "ALTER TABLE " + hourly + " ALTER COLUMN model COMMENT 'x'",
            "ALTER TABLE " + hourly + " DROP CONSTRAINT usage_date_is_utc",
            "ALTER TABLE " + hourly + " ALTER COLUMN request_count DROP NOT NULL",
            "ALTER TABLE " + daily + " SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')",
            "COMMENT ON TABLE " + daily + " IS 'mine'")) {
      lake.spark().sql(byHand);
    }
    lake.table("landings").drop();
    // What retention and erasure leave on a table is no drift.
    lake.usageEvents().retire("event_date", version -> Optional.of(LocalDate.EPOCH));
    lake.usageEvents().interrupt("erasure");

    LakeChangeSets.Verification found = new LakeChangeSets(lake).verify();

    assertThat(found.differences())
        .extracting(each -> each.table() + " " + each.subject())
        .containsExactly(
            "landings table",
            "usage_daily comment",
            "usage_daily property delta.enableDeletionVectors",
            "usage_hourly column mine",
            "usage_hourly comment of column model",
            "usage_hourly column request_count",
            "usage_hourly property delta.constraints.usage_date_is_utc");
    assertThat(found.checks())
        .filteredOn(check -> check.found().isPresent())
        .singleElement()
        .matches(check -> check.changeSet().endsWith("_usage_events"));
    assertThat(found.mismatches()).isEqualTo(8);
  }

  /** A lake whose history was kept by a program that knew apply only. */
  @Test
  void theHistoryOfAnOlderProgramIsGivenItsNewColumns() throws IOException {
    Lake lake = TestLake.create(folder);
    lake.table("change_sets").drop();
    lake.spark()
        .sql(
            "CREATE TABLE "
                + lake.table("change_sets").sqlName()
                + " (version BIGINT NOT NULL, description STRING NOT NULL, checksum STRING NOT"
                + " NULL, applied_at TIMESTAMP NOT NULL) USING DELTA");
    for (ChangeSet set : known()) {
      lake.spark()
          .sql(
              "INSERT INTO %s VALUES (%s, '%s', '%s', current_timestamp())"
                  .formatted(
                      lake.table("change_sets").sqlName(),
                      set.version(),
                      set.description(),
                      set.checksum()));
    }
    LakeChangeSets sets = new LakeChangeSets(lake);

    assertThat(sets.upgrade()).isEmpty();
    assertThat(sets.rollback(new Extent.Last(1), Optional.empty())).hasSize(1);
    assertThat(sets.apply()).hasSize(1);
    assertThat(sets.status().all(State.APPLIED)).hasSize(known().size());
    assertThat(sets.status().operations()).hasSize(known().size() + 4);
    Path fresh = Files.createDirectory(folder.resolve("fresh"));
    Lake other = new Lake(TestSpark.session(), fresh.toString());
    new ChangeSetHistory(other, "x").prepare();
    assertThat(lake.table("change_sets").columns()).isEqualTo(other.table("change_sets").columns());
    assertThat(lake.table("change_sets").shape().columns())
        .isEqualTo(other.table("change_sets").shape().columns());
  }

  private static List<ChangeSet> known() {
    return ChangeSets.readResources(LakeRollbackIT.class.getClassLoader(), "db/analytics");
  }

  private LakeChangeSets sets(Lake lake) {
    return new LakeChangeSets(lake, "tester", ChangeSets.read(folder.resolve("sets")));
  }

  private void write(String name, String apply, String rollback, String verify) throws IOException {
    Path set = folder.resolve("sets").resolve(name);
    Files.createDirectories(set);
    Files.writeString(set.resolve("apply.sql"), apply);
    Files.writeString(set.resolve("rollback.sql"), rollback);
    Files.writeString(set.resolve("verify.sql"), verify);
    Files.writeString(
        set.resolve("changeset.conf"),
        """
        title = "%s", author = "Tester", risk = low, risk-assessment = "a test"
        touches = [%s], transactional = false, phase = expand
        """
            .formatted(name, name.endsWith("late") ? "late" : "notes"));
  }

  private static List<String> values(Lake lake, String select) {
    return lake.spark().sql(select + lake.table("notes").sqlName()).collectAsList().stream()
        .map(row -> String.valueOf(row.get(0)))
        .toList();
  }

  private static SortedMap<String, TableShape> shapes(Lake lake) {
    SortedMap<String, TableShape> shapes = new TreeMap<>();
    for (ChangeSet set : known()) {
      for (String table : set.touchedTables()) {
        if (lake.table(table).exists()) {
          shapes.put(table, lake.table(table).shape());
        }
      }
    }
    return shapes;
  }

  private static SortedMap<String, TableShape> withoutKey(SortedMap<String, TableShape> shapes) {
    shapes.values().forEach(shape -> shape.properties().remove("tidemark.identity-key"));
    return shapes;
  }

  private static void assertRefused(ThrowingCallable work, String code, String... parts) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            PipelineException.class,
            refused -> {
              assertThat(refused.code()).as(refused.getMessage()).isEqualTo(code);
              assertThat(List.of(parts)).allMatch(refused.getMessage()::contains);
            });
  }
}
