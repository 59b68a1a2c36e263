package dev.tidemark.migrator.changeset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementSplitterTest {
  /** Each is one statement, however many semicolons are in it. */
  private static final List<String> STATEMENTS =
      List.of(
          "SELECT 1",
          "SELECT 'a;b', 'it''s; fine', \"odd;\"\"name\"",
          "SELECT E'back\\'slash;', e'\\\\', U&'d\\0061t;a', B'01', N'x;y'",
          "SELECT $$a;b$$, $tag$ c; $$ d; $tag$, $1",
          "SELECT a$b$c",
          "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN x; END; $body$",
          "CREATE OR REPLACE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE a"
              + " WHEN 1 THEN 2 ELSE 3 END; END",
          "create procedure p() begin atomic insert into t values (1); end",
          "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v)",
          "SELECT 1 /* ; /* nested; */ ; */ + 2",
          "SELECT 1 -- not; here\n + 2",
          "SELECT '${place}', ${lake.path}, 5 % 2, a->>'b;', '{\"j;\": 1}'::jsonb",
          "SELECT 'Zürich; 東京', naïve",
          "BEGIN",
          "COMMIT");

  @Test
  void everyStatementStaysWhole() {
    for (String statement : STATEMENTS) {
      assertThat(texts(statement + ";")).containsExactly(statement);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void anyRowOfStatementsFallsIntoThemWithTheirLines(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    StringBuilder script = new StringBuilder();
    List<String> expected = new ArrayList<>();
    List<Integer> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      script.append(noise(random));
      lines.add(1 + (int) script.chars().filter(c -> c == '\n').count());
      String statement = STATEMENTS.get(random.nextInt(STATEMENTS.size()));
      expected.add(statement);
      script.append(statement).append(noise(random)).append(';');
    }
    script.append(noise(random));

    List<Statement> statements = StatementSplitter.split("apply.sql", script.toString());

    assertThat(statements).extracting(Statement::text).isEqualTo(expected);
    assertThat(statements).extracting(Statement::line).isEqualTo(lines);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void theTokensAreTheScriptWithoutGaps(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    StringBuilder script = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      script.append(noise(random)).append(STATEMENTS.get(random.nextInt(STATEMENTS.size())));
      script.append(';');
    }
    String sql = script.toString();

    int position = 0;
    for (Token token : SqlLexer.tokens("apply.sql", sql)) {
      assertThat(token.start()).isEqualTo(position);
      assertThat(token.end()).isGreaterThan(position);
      position = token.end();
    }
    assertThat(position).isEqualTo(sql.length());
  }

  @Test
  void nothingButCommentsIsNoStatement() {
    assertThat(texts("-- only\n /* words */ ;;  ; ")).isEmpty();
  }

  @Test
  void theLastStatementNeedsNoSemicolon() {
    assertThat(texts("SELECT 1;\nSELECT 2 -- end")).containsExactly("SELECT 1", "SELECT 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'text",
        "\"name",
        "/* /* */",
        "$$ body",
        "$a$ body $$",
        "E'\\'",
        "(1",
        "(SELECT 1;",
        "CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;"
      })
  void whatHasNoEndIsRefusedWithItsLine(String open) {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> texts("SELECT 1;\n\n" + open))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .withMessageContaining("apply.sql")
        .withMessageContaining("line 3");
  }

  @Test
  void placeholdersAreFilledEverywhereAndUnknownOnesRefused() {
    Statement statement =
        StatementSplitter.split("apply.sql", "\nSELECT '${a}', ${b.c-d}, '$${not}'").get(0);

    assertThat(statement.filled("apply.sql", Map.of("a", "1$2", "b.c-d", "x", "not", "y")))
        .isEqualTo("SELECT '1$2', x, '$y'");
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> statement.filled("apply.sql", Map.of("a", "1")))
        .withMessageContaining("b.c-d")
        .withMessageContaining("line 2");
  }

  private static List<String> texts(String sql) {
    return StatementSplitter.split("apply.sql", sql).stream().map(Statement::text).toList();
  }

  /** Space and comments that mean nothing, and begin with a space where they must. */
  static String noise(RandomGenerator random) {
    List<String> kinds =
        List.of(" ", "\n", "\t \r\n", " -- a; 'comment\n", "/* b; \" $$ */", "/*/* c */;*/\n");
    StringBuilder noise = new StringBuilder("\n");
    for (int i = random.nextInt(4); i > 0; i--) {
      noise.append(kinds.get(random.nextInt(kinds.size())));
    }
    return noise.toString();
  }
}
