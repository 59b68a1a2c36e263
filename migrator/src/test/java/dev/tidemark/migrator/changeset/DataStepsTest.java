package dev.tidemark.migrator.changeset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataStepsTest {
  private static final String SQL = "UPDATE t SET n = 1 WHERE id BETWEEN ${from} AND ${to}";

  @TempDir Path folder;

  @Test
  void aStepIsReadWithItsDefaults() throws IOException {
    write("[{ name = fill, table = public.t }]", SQL);
    ChangeSet changeSet = read();
    assertThat(changeSet.dataSteps()).hasSize(1);
    DataStep step = changeSet.dataSteps().get(0);
    assertThat(step.key()).isEqualTo("id");
    assertThat(step.batch()).isEqualTo(10_000);
    assertThat(step.remaining()).isEmpty();
    assertThat(step.script().file()).isEqualTo("202601010001_fill/data/fill.sql");
    assertThat(step.inOneGo().text())
        .isEqualTo(
            "UPDATE t SET n = 1 WHERE id BETWEEN (SELECT \"id\" FROM public.t ORDER BY \"id\" ASC LIMIT 1)"
                + " AND (SELECT \"id\" FROM public.t ORDER BY \"id\" DESC LIMIT 1)");
  }

  @Test
  void whatAStepDoesIsPartOfTheChecksumAndCommentsAreNot() throws IOException {
    write("[{ name = fill, table = public.t }]", SQL);
    String checksum = read().checksum();
    write("[{ name = fill, table = public.t, batch = 7 }]", SQL + " -- slowly");
    assertThat(read().checksum()).isEqualTo(checksum);
    write("[{ name = fill, table = public.t }]", SQL.replace("1", "2"));
    assertThat(read().checksum()).isNotEqualTo(checksum);
    write("[{ name = fill, table = public.t, key = other }]", SQL);
    assertThat(read().checksum()).isNotEqualTo(checksum);
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "[{ name = Fill, table = t }] | UPDATE ${from} ${to} | small letters",
        "[{ name = fill, table = t, size = 1 }] | UPDATE ${from} ${to} | unknown key size",
        "[{ name = fill, table = t, batch = 0 }] | UPDATE ${from} ${to} | between 1 and 1000000",
        "[{ name = fill }] | UPDATE ${from} ${to} | No configuration setting found for key 'table'",
        "[{ name = fill, table = t }] | UPDATE ${from} | has no ${to}",
        "[{ name = fill, table = t }] | UPDATE ${to} | has no ${from}",
        "[{ name = fill, table = t }] | UPDATE ${from} ${to}; SELECT 1 | has 2 statements",
        "[{ name = fill, table = t }, { name = fill, table = t }] | UPDATE ${from} ${to} | two data steps",
        "[] | UPDATE ${from} ${to} | data/fill.sql belongs to none",
        "[{ name = fill, table = t }], phase = expand | UPDATE ${from} ${to} | phase = migrate",
        "[{ name = fill, table = t }], transactional = true | UPDATE ${from} ${to} | transactional = false",
      })
  void whatWouldNotWorkIsRefused(String steps, String sql, String reason) throws IOException {
    write(steps, sql);
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(this::read)
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .withMessageContaining(reason);
  }

  private ChangeSet read() {
    return ChangeSets.read(folder).get(0);
  }

  private void write(String steps, String sql) throws IOException {
    Path set = folder.resolve("202601010001_fill");
    Files.createDirectories(set.resolve("data"));
    Files.writeString(
        set.resolve("changeset.conf"),
        "title=t, author=a, risk=low, risk-assessment=none, touches=[], phase=migrate,"
            + " transactional=false, data-steps = "
            + steps);
    Files.writeString(set.resolve("apply.sql"), "-- nothing");
    Files.writeString(set.resolve("rollback.sql"), "SELECT 1");
    Files.writeString(set.resolve("verify.sql"), "SELECT true");
    Files.writeString(set.resolve("data/fill.sql"), sql);
  }
}
