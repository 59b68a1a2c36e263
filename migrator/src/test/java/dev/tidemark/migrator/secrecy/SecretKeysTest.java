package dev.tidemark.migrator.secrecy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretKeysTest {
  private static final String HEX_KEY =
      "8f1d2c3b4a5968778695a4b3c2d1e0f08f1d2c3b4a5968778695a4b3c2d1e0f1";

  @TempDir Path folder;

  private final Map<String, String> fresh = SecretKeys.fresh();

  @Test
  void freshKeysWorkFromTheEnvironmentAndFromAFile() {
    Path file = folder.resolve("new/folder/keys");
    KeyFile.create(file, fresh);

    SecretKeys ofEnvironment =
        keys(fresh.get("EMAIL_HASH_KEY"), fresh.get("TIDEMARK_KEYSET"), null);
    SecretKeys ofFile = keys(null, null, file);

    assertThat(ofFile).hasToString(ofEnvironment.toString());
    assertThat(ofFile.emailHash().of("a@x.example"))
        .isEqualTo(ofEnvironment.emailHash().of("a@x.example"));
    assertThat(SecretKeys.fresh()).isNotEqualTo(fresh);
  }

  @Test
  void aFileThatIsNotThereIsNamedAsSuch() {
    assertThatThrownBy(() -> keys(null, null, folder.resolve("nowhere")))
        .isInstanceOfSatisfying(
            MigratorException.class,
            e -> assertThat(e.reason()).isEqualTo("there is no such file"));
  }

  @Test
  void theEnvironmentGoesBeforeTheFile() {
    Path file = folder.resolve("keys");
    KeyFile.create(file, fresh);
    assertThat(keys(HEX_KEY, null, file).emailHash().keyId())
        .isEqualTo(keys(HEX_KEY, fresh.get("TIDEMARK_KEYSET"), null).emailHash().keyId())
        .isNotEqualTo(keys(null, null, file).emailHash().keyId());
  }

  @Test
  void hexadecimalAndBase64AreTheSameKey() {
    String base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(HEX_KEY));
    String keyset = fresh.get("TIDEMARK_KEYSET");
    assertThat(keys(base64, keyset, null).emailHash().keyId())
        .isEqualTo(keys(HEX_KEY, keyset, null).emailHash().keyId());
  }

  @Test
  void theKeysetMayBePlainJson() {
    String json =
        new String(
            Base64.getDecoder().decode(fresh.get("TIDEMARK_KEYSET")), StandardCharsets.UTF_8);
    assertThat(keys(HEX_KEY, json, null).keyset().keyIds()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          c2hvcnQ=                                     | it has 5 bytes; at least 32 are needed
          0123456789abcdef                             | it has 12 bytes; at least 32 are needed
          not a key                                    | it is neither base64 nor hexadecimal
          AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= | all its bytes are the same; it is not random
          """)
  void aBadHashKeyIsRefusedWithoutBeingQuoted(String key, String cause) {
    assertThatThrownBy(() -> keys(key, fresh.get("TIDEMARK_KEYSET"), null))
        .isInstanceOfSatisfying(
            MigratorException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(e.problem()).isEqualTo("The key EMAIL_HASH_KEY cannot be used");
              assertThat(e.reason()).isEqualTo(cause);
              assertThat(e.remedy()).contains("tidemark migrate keys new");
              assertThat(e.getMessage()).doesNotContain(key);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "nonsense",
    "{}",
    "'{\"primaryKeyId\": 1, \"key\": []}'",
    "'{\"secret\": \"hunter2\"'"
  })
  void aBadKeysetIsRefusedWithoutBeingQuoted(String keyset) {
    assertThatThrownBy(() -> keys(HEX_KEY, keyset, null))
        .isInstanceOf(MigratorException.class)
        .hasMessageStartingWith("TM-MIG-061: The key TIDEMARK_KEYSET cannot be used")
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
  }

  @Test
  void aKeysetOfWeakerKeysIsRefused() throws Exception {
    AeadConfig.register();
    String weak =
        TinkJsonProtoKeysetFormat.serializeKeyset(
            KeysetHandle.generateNew(
                PredefinedAeadParameters.AES128_GCM, RegistryConfiguration.get()),
            RegistryConfiguration.get(),
            InsecureSecretKeyAccess.get());
    assertThatThrownBy(() -> keys(HEX_KEY, weak, null)).hasMessageContaining("TM-MIG-061");
  }

  @Test
  void aMissingKeyIsNamed() {
    assertThatThrownBy(() -> keys(null, fresh.get("TIDEMARK_KEYSET"), null))
        .hasMessageStartingWith("TM-MIG-060: There is no EMAIL_HASH_KEY");
    assertThatThrownBy(() -> keys(HEX_KEY, " ", null))
        .hasMessageStartingWith("TM-MIG-060: There is no TIDEMARK_KEYSET");
  }

  @Test
  void aKeyFileThatOthersCanReadIsRefused() throws IOException {
    Path file = folder.resolve("keys");
    KeyFile.create(file, fresh);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(() -> keys(null, null, file))
        .hasMessageContaining("TM-MIG-062")
        .hasMessageContaining("chmod 600");
  }

  @Test
  void aKeyFileThatIsNotThereOrNoKeyFileIsRefused() throws IOException {
    assertThatThrownBy(() -> keys(null, null, folder.resolve("none")))
        .hasMessageContaining("TM-MIG-062");
    Path file = folder.resolve("keys");
    KeyFile.create(file, fresh);
    Files.writeString(file, "# mine\n\nhunter2\n");
    assertThatThrownBy(() -> keys(null, null, file))
        .hasMessageContaining("line 3 is not NAME=value")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void newKeysNeverOverwriteOldOnes() throws IOException {
    Path file = folder.resolve("keys");
    KeyChange.create(Optional.of(file));
    String before = Files.readString(file);

    assertThatThrownBy(() -> KeyChange.create(Optional.of(file)))
        .hasMessageContaining("TM-MIG-063");
    assertThat(file).hasContent(before);
  }

  @Test
  void aChangeOfTheKeysetStaysInItsFile() throws IOException {
    Path file = folder.resolve("keys");
    Keyset first = KeyChange.create(Optional.of(file)).keyset();
    Config config = config(null, null, file);

    KeyChange added = KeyChange.add(config);
    assertThat(added.lines()).isEmpty();
    assertThat(added.keyset().primaryKeyId()).isEqualTo(first.primaryKeyId());
    assertThat(SecretKeys.of(config).keyset()).hasToString(added.keyset().toString());

    String second =
        added.keyset().keyIds().stream()
            .filter(id -> !id.equals(first.primaryKeyId()))
            .findAny()
            .get();
    KeyChange.promote(config, second);
    assertThat(SecretKeys.of(config).keyset().primaryKeyId()).isEqualTo(second);
    assertThatThrownBy(() -> KeyChange.remove(config, second)).hasMessageContaining("TM-MIG-068");
    assertThatThrownBy(() -> KeyChange.promote(config, "17")).hasMessageContaining("TM-MIG-067");
    KeyChange.remove(config, first.primaryKeyId());
    assertThat(SecretKeys.of(config).keyset().keyIds()).containsExactly(second);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aChangeOfTheEnvironmentsKeysetIsHandedBack() throws Exception {
    Config config = config(HEX_KEY, fresh.get("TIDEMARK_KEYSET"), null);
    KeyChange change = KeyChange.addPrimary(config);

    assertThat(change.file()).isEmpty();
    assertThat(Keyset.parse(change.lines().get("TIDEMARK_KEYSET")).keyIds()).hasSize(2);
    assertThat(change.keyset().primaryKeyId())
        .isNotEqualTo(SecretKeys.of(config).keyset().primaryKeyId());
    assertThat(change.toString()).doesNotContain(change.lines().get("TIDEMARK_KEYSET"));
  }

  private static SecretKeys keys(String emailHashKey, String keyset, Path file) {
    return SecretKeys.of(config(emailHashKey, keyset, file));
  }

  private static Config config(String emailHashKey, String keyset, Path file) {
    return Settings.parse("")
        .withValue("secrecy.email-hash-key", ConfigValueFactory.fromAnyRef(emailHashKey))
        .withValue("secrecy.keyset", ConfigValueFactory.fromAnyRef(keyset))
        .withValue(
            "secrecy.key-file",
            ConfigValueFactory.fromAnyRef(file == null ? null : file.toString()));
  }
}
