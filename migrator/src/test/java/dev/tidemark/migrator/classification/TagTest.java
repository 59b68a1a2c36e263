package dev.tidemark.migrator.classification;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TagTest {
  @Test
  void standsBehindTheCommentOnce() {
    assertThat(Tag.PERSONAL.appendedTo("Name, text")).isEqualTo("Name, text [personal]");
    assertThat(Tag.SECRET.appendedTo("Name, text [personal]")).isEqualTo("Name, text [secret]");
    assertThat(Tag.PUBLIC.appendedTo("")).isEqualTo("[public]");
  }

  @Test
  void isReadFromTheEndOnly() {
    assertThat(Tag.in("Name, text [internal]")).contains(Tag.INTERNAL);
    assertThat(Tag.in("[internal] name")).isEmpty();
    assertThat(Tag.in("Name [unknown]")).isEmpty();
    assertThat(Tag.without("List [secret] of [1] [public]")).isEqualTo("List [secret] of [1]");
    assertThat(Tag.without("Name [unknown]")).isEqualTo("Name [unknown]");
  }
}
