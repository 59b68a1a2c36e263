package dev.tidemark.pipeline.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.pipeline.failure.PipelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesFileTest {
  @TempDir Path folder;

  @Test
  void everyKindOfRuleIsRead() {
    QualityRules rules =
        RulesFile.parse(
            "test",
            """
            rules = [
              { name = cheap, event = "cost_nano_usd < 5", severity = quarantine, description = "Cheap." }
              { name = calm, hour = "errors < 10", severity = stop }
              { name = fresh, freshness = 3h, severity = warn }
              { name = usual, anomaly = requests, severity = warn }
              { name = errors, anomaly = error_rate, weeks = 8, least-weeks = 5, threshold = 4,
                least-spread = 0.02, direction = both, severity = stop }
            ]
            """);

    assertThat(rules.all())
        .extracting(QualityRule::check)
        .containsExactly(
            new QualityRule.EventCondition("cost_nano_usd < 5"),
            new QualityRule.HourCondition("errors < 10"),
            new QualityRule.Freshness(Duration.ofHours(3)),
            new QualityRule.Anomaly("requests", 6, 4, 3.5, 1, QualityRule.Direction.BOTH),
            new QualityRule.Anomaly("error_rate", 8, 5, 4, 0.02, QualityRule.Direction.BOTH));
    assertThat(rules.atTheDoor()).extracting(QualityRule::name).containsExactly("cheap");
    assertThat(rules.onHours()).extracting(QualityRule::name).containsExactly("calm");
    assertThat(rules.named("cheap").orElseThrow().description()).isEqualTo("Cheap.");
    assertThat(rules.all().get(1).place()).contains("3");
  }

  @Test
  void theVersionChangesWithWhatIsAskedForAndOnlyThen() {
    String one = "rules = [{ name = a, hour = \"errors < 1\", severity = stop }]";
    String version = RulesFile.parse("x", one).version();

    assertThat(RulesFile.parse("y", "\n\n" + one).version()).isEqualTo(version);
    for (String other :
        List.of(one.replace("< 1", "< 2"), one.replace("stop", "warn"), one.replace("a,", "b,"))) {
      assertThat(RulesFile.parse("x", other).version()).isNotEqualTo(version);
    }
    assertThat(QualityRules.NONE.version()).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TM-PIP-100 | rulez = []                                              | rulez",
        "TM-PIP-100 | rules = 3                                               | no list",
        "TM-PIP-100 | rules = [ {                                             | test",
        "TM-PIP-101 | rules = [ 3 ]                                           | no object",
        "TM-PIP-101 | rules = [{ event = x, severity = warn }]                | name",
        "TM-PIP-101 | rules = [{ name = 'A b', event = x, severity = warn }]  | small letters",
        "TM-PIP-101 | rules = [{ name = a, severity = warn }]                 | event, hour",
        "TM-PIP-101 | rules = [{ name = a, event = x, hour = y, severity = warn }] | event and hour",
        "TM-PIP-101 | rules = [{ name = a, event = x }]                       | severity",
        "TM-PIP-101 | rules = [{ name = a, event = x, severity = fatal }]     | warn, quarantine, stop",
        "TM-PIP-101 | rules = [{ name = a, event = x, severity = warn, on = y }] | its key on",
        "TM-PIP-101 | rules = [{ name = a, event = x, severity = warn, weeks = 4 }] | its key weeks",
        "TM-PIP-101 | rules = [{ name = a, event = '  ', severity = warn }]   | empty",
        "TM-PIP-101 | rules = [{ name = a, hour = x, severity = quarantine }] | only events",
        "TM-PIP-101 | rules = [{ name = a, freshness = -1h, severity = warn }] | above zero",
        "TM-PIP-101 | rules = [{ name = a, freshness = soon, severity = warn }] | soon",
        "TM-PIP-101 | rules = [{ name = a, anomaly = cost, severity = warn }] | error_rate, requests",
        "TM-PIP-101 | rules = [{ name = a, anomaly = requests, weeks = 60, severity = warn }] | weeks",
        "TM-PIP-101 | rules = [{ name = a, anomaly = requests, threshold = NaN, severity = warn }] | threshold",
        "TM-PIP-102 | rules = [{ name = a, event = x, severity = warn }, { name = a, hour = y, severity = warn }] | a"
      })
  void mistakesAreToldWithRuleAndPlace(String code, String hocon, String told) {
    assertThatThrownBy(() -> RulesFile.parse("test", hocon.replace('\'', '"')))
        .isInstanceOfSatisfying(
            PipelineException.class,
            failure -> {
              assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
              assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(failure).hasMessageContaining(told);
            });
  }

  @Test
  void theFileIsNamedByTheConfiguration() throws IOException {
    Path file = folder.resolve("mine.conf");
    String key = "quality.rules = \"" + file + "\"";
    assertThatThrownBy(() -> QualityRules.from(ConfigFactory.parseString(key)))
        .hasMessageContaining("TM-PIP-100")
        .hasMessageContaining("mine.conf");

    Files.writeString(file, "rules = [\n  { name = a, event = x, severity = odd }\n]");
    assertThatThrownBy(() -> QualityRules.from(ConfigFactory.parseString(key)))
        .hasMessageContaining("mine.conf: 2");
    Files.writeString(file, "rules = [{ name = a, event = x, severity = warn }]");
    assertThat(QualityRules.from(ConfigFactory.parseString(key)).all()).hasSize(1);
  }

  /** Of the program's own file no rule is active, and each that is commented out can be used. */
  @Test
  void theProgramsOwnFileHasExamplesOnly() throws IOException {
    assertThat(QualityRules.from(ConfigFactory.empty()).isEmpty()).isTrue();
    String text = Files.readString(Path.of("../conf/quality.conf"));
    String examples =
        Arrays.stream(text.split("\n"))
            .map(line -> line.replaceFirst("^  # (?=[{} ])", "  "))
            .collect(Collectors.joining("\n"));
    assertThat(RulesFile.parse("examples", examples).all()).hasSize(6);
  }
}
