package dev.tidemark.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellCommandTest {
  @ParameterizedTest
  @ValueSource(strings = {"\\q", "exit", "quit", " EXIT ; ", "Quit;"})
  void thereAreSeveralWaysToLeave(String line) {
    assertThat(ShellCommand.isOne(line)).isTrue();
    assertThat(ShellCommand.of(line)).isEqualTo(new ShellCommand.Leave());
  }

  @Test
  void tablesAreListedAndDescribed() {
    assertThat(ShellCommand.of("\\d")).isEqualTo(new ShellCommand.ListTables());
    assertThat(ShellCommand.of("\\d  usage_daily;"))
        .isEqualTo(new ShellCommand.DescribeTable("usage_daily"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\?", "\\x", "\\d one two"})
  void anythingElseWithABackslashAsksForHelp(String line) {
    assertThat(ShellCommand.of(line)).isEqualTo(new ShellCommand.Help());
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1;", "exit_codes", "SELECT '\\q'"})
  void sqlIsSparks(String line) {
    assertThat(ShellCommand.isOne(line)).isFalse();
  }
}
