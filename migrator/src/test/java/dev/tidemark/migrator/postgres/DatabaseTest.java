package dev.tidemark.migrator.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import org.junit.jupiter.api.Test;

class DatabaseTest {
  @Test
  void whatIsNoPostgresUrlIsRefused() {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> new Database("jdbc:mysql://host/db", null, null))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> new Database("jdbc:postgresql://host:port/db", null, null));
  }

  @Test
  void secretsAreNeitherInAddressesNorInTexts() {
    Database database =
        new Database("jdbc:postgresql://db:5432/usage?user=u&password=hush", "u", "hush");

    assertThat(database.address()).isEqualTo("jdbc:postgresql://db:5432/usage");
    assertThat(database.toString()).doesNotContain("hush");
  }

  @Test
  void urlsForPsqlAndJdbcAreComplete() {
    Database database = new Database("jdbc:postgresql://db:5432/usage", "me", "p@ss/word");

    assertThat(database.psqlUrl()).isEqualTo("postgresql://me:p%40ss%2Fword@db:5432/usage");
    assertThat(database.completeJdbcUrl())
        .isEqualTo("jdbc:postgresql://db:5432/usage?user=me&password=p%40ss%2Fword");
  }

  @Test
  void anotherDatabaseOfTheSameServerKeepsEverythingElse() {
    Database database = new Database("jdbc:postgresql://db:5432/usage?sslmode=require", "me", "x");

    assertThat(database.named("other").jdbcUrl())
        .isEqualTo("jdbc:postgresql://db:5432/other?sslmode=require");
  }

  @Test
  void anAddressWhereNothingListensIsOutOfReach() {
    Database database = new Database("jdbc:postgresql://127.0.0.1:1/usage", "me", "x");

    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(database::connect)
        .satisfies(e -> assertThat(e.code()).isEqualTo("TM-MIG-002"))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
        .withMessageContaining("127.0.0.1:1");
  }
}
