package dev.tidemark.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementsTest {
  @Test
  void semicolonsSeparateAndTheLastMayBeLeftOut() {
    assertThat(Statements.of("SELECT 1; SELECT 2;\nSELECT 3").all())
        .containsExactly("SELECT 1", "SELECT 2", "SELECT 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'a;b'",
        "SELECT 'it''s; fine'",
        "SELECT 'a\\';b'",
        "SELECT \"a;b\"",
        "SELECT `a;b`",
        "SELECT `a\\`, 1",
        "SELECT 1 -- one; or\n + 2",
        "SELECT /* a; /* b; */ c; */ 1",
        "SELECT /*+ BROADCAST(t) */ 1"
      })
  void aSemicolonWithinATextANameOrACommentEndsNothing(String statement) {
    assertThat(Statements.of(statement + "; SELECT 2").all())
        .containsExactly(statement, "SELECT 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", ";;", "-- nothing", "/* nothing; */ ;", "-- a;\n;-- b"})
  void nothingButSpaceAndCommentsIsNoStatement(String text) {
    assertThat(Statements.of(text).all()).isEmpty();
    assertThat(Statements.of(text).open()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 'a;", "SELECT \"a;", "SELECT `a;", "SELECT 1 /* a; /* */", "/*"})
  void whatIsOpenGoesOn(String text) {
    Statements statements = Statements.of("SELECT 0; " + text);

    assertThat(statements.complete()).containsExactly("SELECT 0");
    assertThat(statements.rest()).isEqualTo(text);
    assertThat(statements.open()).isNotNull();
  }
}
