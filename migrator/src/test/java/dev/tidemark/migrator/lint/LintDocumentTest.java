package dev.tidemark.migrator.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/lint.md shows the cases that the rules are tested with. */
class LintDocumentTest {
  /** Set in the environment, the document is written anew. */
  private static final String WRITE = "TIDEMARK_WRITE_DOCS";

  private static final Path DOCUMENT =
      Stream.of(Path.of("docs/lint.md"), Path.of("../docs/lint.md"))
          .filter(Files::exists)
          .findFirst()
          .orElseThrow();
  private static final String BEGIN = "<!-- rules: written by LintDocumentTest -->\n";
  private static final String END = "<!-- end of rules -->\n";

  @Test
  void theRulesAreTheTestedOnes() throws IOException {
    String document = Files.readString(DOCUMENT);
    String before = document.substring(0, document.indexOf(BEGIN) + BEGIN.length());
    String after = document.substring(document.indexOf(END));
    String expected = before + rules() + after;
    if (System.getenv(WRITE) != null) {
      Files.writeString(DOCUMENT, expected);
    }

    assertThat(Files.readString(DOCUMENT))
        .as("run this test with %s=1 to write the document anew", WRITE)
        .isEqualTo(expected);
  }

  @Test
  void theComparisonNamesOnlyRulesThatAreThere() throws IOException {
    String document = Files.readString(DOCUMENT);
    String comparison = document.substring(document.indexOf("## What other tools look for"));
    List<String> named =
        comparison
            .lines()
            .filter(line -> line.startsWith("|"))
            .map(line -> line.split("\\|")[2])
            .flatMap(cell -> Pattern.compile("`([a-z-]+)`").matcher(cell).results())
            .map((MatchResult match) -> match.group(1))
            .distinct()
            .toList();

    assertThat(named).hasSizeGreaterThan(50);
    assertThat(Rules.all().stream().map(Rule::id)).containsAll(named);
  }

  private static String rules() {
    StringBuilder text = new StringBuilder();
    for (Hazard hazard : Hazard.values()) {
      String name = hazard.name().charAt(0) + hazard.name().substring(1).toLowerCase(Locale.ROOT);
      text.append("\n### %s: %s\n".formatted(name.replace('_', '-'), hazard.meaning()));
      Rules.all().stream()
          .filter(rule -> rule.hazard() == hazard)
          .forEach(rule -> text.append(text(rule)));
    }
    return text.append("\n").toString();
  }

  private static String text(Rule rule) {
    StringBuilder text = new StringBuilder();
    text.append("\n#### `%s`\n\n".formatted(rule.id()));
    text.append("**%s**".formatted(rule.level().word()));
    text.append(rule.sizeMatters() ? "; a note on a small table" : "");
    text.append(rule.planned() ? "; less in a contract change set" : "");
    text.append(". Better: %s.\n\n```sql\n".formatted(rule.remedy()));
    String given = "";
    for (LintCase one : LintCase.all()) {
      if (!one.rule().equals(rule.id())) {
        continue;
      }
      if (!one.given().equals(given)) {
        text.append("-- given\n").append(one.given()).append("\n\n");
        given = one.given();
      }
      String title = one.title().isEmpty() ? "" : ": " + one.title();
      text.append(one.bad() ? "-- bad" : "-- good").append(title).append("\n");
      text.append(
          one.scripts().stream()
              .map(String::strip)
              .collect(Collectors.joining("\n-- next change set\n")));
      text.append("\n\n");
    }
    return text.toString().strip() + "\n```\n";
  }
}
