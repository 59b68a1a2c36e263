package dev.tidemark.migrator.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.migrator.classification.Classification.Gap;
import dev.tidemark.migrator.classification.Classification.Policy;
import dev.tidemark.migrator.classification.Classification.Store;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassificationTest {
  private static final String GOOD =
      """
      policies { account { retention = "a year", legal-basis = "contract" } }
      operational {
        standard { internal = [id, version], public = [name] }
        tables {
          users { policy = account, personal = [name, email_hmac] }
          models { policy = account, public = [price] }
        }
      }
      lake { standard {}, tables { users { policy = account, secret = [id] } } }
      """;

  @TempDir Path folder;

  @Test
  void theTableDecidesBeforeTheStandard() throws IOException {
    Classification classification = read(GOOD);

    assertThat(classification.tag("users", "id")).contains(Tag.INTERNAL);
    assertThat(classification.tag("users", "name")).contains(Tag.PERSONAL);
    assertThat(classification.tag("models", "name")).contains(Tag.PUBLIC);
    assertThat(classification.tag("users", "price")).isEmpty();
    assertThat(classification.tag("strays", "id")).isEmpty();
    assertThat(classification.policy("users")).contains(new Policy("a year", "contract"));
  }

  @Test
  void storesAreApart() throws IOException {
    assertThat(Classification.read(file(GOOD), Store.LAKE).tag("users", "id")).contains(Tag.SECRET);
  }

  @Test
  void columnsWithoutTagAndTagsWithoutColumnAreGaps() throws IOException {
    assertThat(
            read(GOOD)
                .gaps(
                    Map.of(
                        "users", List.of("id", "name", "email_hmac", "nickname"),
                        "strays", List.of("id"))))
        .extracting(Gap::toString)
        .containsExactlyInAnyOrder(
            "users.nickname is not classified",
            "strays is not classified",
            "models is classified, but is not there",
            "standard.version is classified, but is not there");
  }

  @Test
  void whatIsWhollyClassifiedHasNoGaps() throws IOException {
    assertThat(
            read(GOOD)
                .gaps(
                    Map.of(
                        "users", List.of("id", "name", "email_hmac"),
                        "models", List.of("id", "version", "name", "price"))))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "policy = account, personal | policy = acount, personal | there is no policy acount",
        "policy = account, public = [price] | public = [price] | policy",
        "secret = [id] | secrets = [id] | the key is none of",
        "personal = [name, email_hmac] | personal = [name], internal = [name] | name is",
        "legal-basis = \"contract\" | legal-base = x | the key is none of",
        "operational { | operation { | the key is none of",
        "policies { | policies [ | cannot be used"
      })
  void aFileThatCannotBeUsedIsRefusedWithItsFault(String good, String bad, String fault) {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> Classification.read(file(GOOD.replace(good, bad)), Store.OPERATIONAL))
        .withMessageContaining("TM-MIG-082")
        .withMessageContaining(fault);
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(() -> Classification.read(folder.resolve("absent"), Store.LAKE))
        .withMessageContaining("TM-MIG-082");
  }

  @Test
  void changeSetsOfTheUsersOwnAreClassifiedOnlyByAFileOfTheirOwn() throws IOException {
    assertThat(Classification.of(Settings.parse(""))).isPresent();
    assertThat(Classification.of(Settings.parse("migrate.change-sets = x"))).isEmpty();
    assertThat(
            Classification.of(
                Settings.parse(
                    "migrate { change-sets = x, classification = \"%s\" }".formatted(file(GOOD)))))
        .isPresent();
  }

  private Classification read(String hocon) throws IOException {
    return Classification.read(file(hocon), Store.OPERATIONAL);
  }

  private Path file(String hocon) throws IOException {
    return Files.writeString(folder.resolve("classification.conf"), hocon);
  }
}
