package dev.tidemark.migrator.changeset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptChecksumTest {
  private static final List<String> TOKENS =
      List.of(
          "CREATE",
          "TABLE",
          "\"odd  name\"",
          "(",
          "id",
          "uuid",
          ",",
          "a",
          "<=",
          "b",
          ")",
          ";",
          "SELECT",
          "'two  spaces'",
          "||",
          "E'\\n'",
          "-",
          "1",
          ";",
          "CALL",
          "$$ a -- b $$",
          ";");

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void commentsAndWhiteSpaceDoNotChangeIt(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    StringBuilder noisy = new StringBuilder();
    TOKENS.forEach(token -> noisy.append(StatementSplitterTest.noise(random)).append(token));

    assertThat(checksum(noisy.toString())).isEqualTo(checksum(String.join(" ", TOKENS)));
  }

  @ParameterizedTest(name = "token {0}")
  @ValueSource(ints = {0, 1, 2, 4, 5, 7, 8, 9, 12, 13, 14, 15, 16, 17, 19})
  void anyOtherWordChangesIt(int index) {
    List<String> changed = new ArrayList<>(TOKENS);
    String token = changed.get(index);
    changed.set(
        index, token.substring(0, token.length() - 1) + "x" + token.substring(token.length() - 1));

    assertThat(checksum(String.join(" ", changed)))
        .isNotEqualTo(checksum(String.join(" ", TOKENS)));
  }

  @Test
  void whiteSpaceThatMattersChangesIt() {
    assertThat(checksum("SELECT 'a b'")).isNotEqualTo(checksum("SELECT 'a  b'"));
    assertThat(checksum("SELECT ab")).isNotEqualTo(checksum("SELECT a b"));
    assertThat(checksum("SELECT E'x'")).isNotEqualTo(checksum("SELECT E 'x'"));
    assertThat(checksum("SELECT 1 < = 2")).isNotEqualTo(checksum("SELECT 1 <= 2"));
    assertThat(checksum("SELECT $$ a $$")).isNotEqualTo(checksum("SELECT $$ a -- c\n $$"));
  }

  @Test
  void whiteSpaceThatMayBeLeftOutDoesNot() {
    assertThat(checksum("CREATE TABLE t(a int,b int)"))
        .isEqualTo(checksum("CREATE TABLE t ( a int , b int )"));
    assertThat(checksum("SELECT a+b::int")).isEqualTo(checksum("SELECT a + b :: int"));
  }

  @Test
  void theBorderBetweenStatementsIsPartOfIt() {
    assertThat(checksum("SELECT a; b")).isNotEqualTo(checksum("SELECT a b"));
  }

  private static String checksum(String sql) {
    return Script.of("apply.sql", sql).checksum();
  }
}
