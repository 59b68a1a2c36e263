package dev.tidemark.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jline.reader.Candidate;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;

class SqlCompleterTest {
  private static final Map<String, List<String>> LAKE =
      Map.of(
          "usage_daily", List.of("usage_date", "request_count"),
          "usage_hourly", List.of("hour_start", "request_count"));

  @Test
  void tablesColumnsAndWordsAreOffered() {
    assertThat(candidates("SELECT "))
        .contains("usage_daily", "usage_hourly", "hour_start", "usage_date", "FROM")
        .doesNotHaveDuplicates();
  }

  @Test
  void onceATableIsNamedOnlyItsColumnsAreOffered() {
    assertThat(candidates("SELECT  FROM Usage_Daily"))
        .contains("usage_date", "request_count")
        .doesNotContain("hour_start");
  }

  @Test
  void functionsAreOfferedOnceALetterIsTyped() {
    assertThat(candidates("SELECT l")).contains("latency_quantile(", "sum(");
    assertThat(candidates("SELECT ")).doesNotContain("latency_quantile(");
  }

  @Test
  void theWordAtTheCursorBeginsAfterABracketOrADot() {
    SqlParser parser = new SqlParser();

    assertThat(parser.parse("SELECT sum(requ", 15, ParseContext.COMPLETE).word()).isEqualTo("requ");
    assertThat(parser.parse("SELECT d.requ", 13, ParseContext.COMPLETE).word()).isEqualTo("requ");
    assertThat(parser.parse("SELECT usage_da", 15, ParseContext.COMPLETE).word())
        .isEqualTo("usage_da");
  }

  private static List<String> candidates(String line) {
    List<Candidate> candidates = new ArrayList<>();
    new SqlCompleter(
            () -> LAKE.keySet().stream().sorted().toList(),
            LAKE::get,
            () -> List.of("latency_quantile", "sum"))
        .complete(
            null, new SqlParser().parse(line, line.length(), ParseContext.COMPLETE), candidates);
    return candidates.stream().map(Candidate::value).toList();
  }
}
