package dev.tidemark.pipeline.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.failure.PipelineException;
import dev.tidemark.pipeline.testing.EventGenerator;
import dev.tidemark.pipeline.testing.PendingRows;
import dev.tidemark.pipeline.testing.TestSpark;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsIT {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "event | cost_nano_usd <             | cost_nano_usd <",
        "event | kost_nano_usd < 5           | kost_nano_usd",
        "event | requests < 5                | requests",
        "hour  | model = 'm'                 | model",
        "event | input_tokens                | neither true nor false",
        "event | rand() < 0.5                | one row alone",
        "event | sum(input_tokens) < 5       | one row alone",
        "event | explode(array(true))        | one row alone",
        "event | (SELECT true)               | one row alone",
        "event | cost_nano_usd <= 50 * 1000000000 | OVERFLOW",
        "hour  | requests < 5 OR date('x') < hour_start | 'x'",
        "event | no_such_function(model)     | no_such_function"
      })
  void whatCannotBeEvaluatedIsRefusedAtTheStart(String kind, String condition, String told) {
    QualityRules rules =
        RulesFile.parse(
            "test.conf",
            "rules = [\n{ name = odd, %s = \"%s\", severity = warn }]".formatted(kind, condition));

    assertThatThrownBy(() -> rules.requireUsable(TestSpark.session()))
        .isInstanceOfSatisfying(
            PipelineException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo("TM-PIP-103");
              assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(failure).hasMessageContainingAll("\"odd\"", ": 2", told);
            });
  }

  @Test
  void everyColumnOfEventsAndHoursCanBeUsed() {
    RulesFile.parse(
            "test",
            """
            rules = [
              { name = a, severity = warn, event = "event_id <> '' AND occurred_at <= received_at AND organization_id
                IS NOT NULL AND time_to_first_token_ms <= latency_ms AND status IN ('success', 'timeout') AND nvl(1, 2) < abs(-3)
                AND occurred_at < current_timestamp() + interval 1 day" }
              { name = b, severity = warn, hour = "error_rate < 0.5 AND hour(hour_start) < 25 AND requests >= errors
                AND latencies <= requests AND cached_input_tokens <= input_tokens AND output_tokens + cost_nano_usd > 0" }
            ]
            """
                .replaceAll("\\n +(IS|AND)", " $1"))
        .requireUsable(TestSpark.session());
  }

  /** Null keeps a condition, a failing expression breaks it, also where two share what fails. */
  @Test
  void whatFailsIsBrokenAndWhatIsNullIsNot() {
    QualityRules rules =
        RulesFile.parse(
            "test",
            """
            rules = [
              { name = fails, event = "100 / (latency_ms - 250) > 0", severity = warn }
              { name = shares, event = "100 / (latency_ms - 250) < 1000", severity = warn }
              { name = unknown, event = "workspace_id = 'w'", severity = warn }
              { name = breaks, event = "input_tokens < 100", severity = warn }
              { name = keeps, event = "input_tokens = 100", severity = warn }
            ]
            """);
    Dataset<Row> events =
        new PendingRows(EventGenerator.alike(Instant.parse("2026-03-01T00:00:00Z"), 3), 0, "x")
            .rows();

    List<Long> broken =
        events
            .agg(
                org.apache.spark.sql.functions.count("*").as("requests"),
                Conditions.counts(rules.onHours()).toArray(org.apache.spark.sql.Column[]::new))
            .select(Conditions.broken(rules.onHours()))
            .head()
            .getList(0);

    assertThat(broken).containsExactly(3L, 3L, 0L, 3L, 0L);
  }
}
