package dev.tidemark.migrator.testing;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.secrecy.KeyChange;
import dev.tidemark.migrator.secrecy.SecretKeys;
import dev.tidemark.migrator.settings.Settings;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;

/**
 * Keys of a test's own, and the configuration that names them.
 *
 * @param lines as an environment has them
 */
public record TestKeys(Map<String, String> lines) {
  /** New keys. */
  public static TestKeys create() {
    return new TestKeys(SecretKeys.fresh());
  }

  /** The keys as the product reads them. */
  public SecretKeys keys() {
    return SecretKeys.of(config());
  }

  /** A configuration with these keys and no database. */
  public Config config() {
    return config(Settings.parse(""));
  }

  /** A configuration with these keys for a database that may be seeded. */
  public Config config(Database database) {
    return config(
        Settings.parse(
            "seed.allowed = true, database.url = \"%s\"".formatted(database.completeJdbcUrl())));
  }

  /** The same with a new encryption key, which is the primary. */
  public TestKeys rotated() {
    return with("TIDEMARK_KEYSET", KeyChange.addPrimary(config()).lines().get("TIDEMARK_KEYSET"));
  }

  /** The same without an encryption key. */
  public TestKeys without(String keyId) {
    return with(
        "TIDEMARK_KEYSET", KeyChange.remove(config(), keyId).lines().get("TIDEMARK_KEYSET"));
  }

  /** The same with another hash key; the present one is the previous one then. */
  public TestKeys rehashed() {
    return with("EMAIL_HASH_KEY_PREVIOUS", lines.get("EMAIL_HASH_KEY"))
        .with("EMAIL_HASH_KEY", SecretKeys.fresh().get("EMAIL_HASH_KEY"));
  }

  /** The same with another value of a variable. */
  public TestKeys with(String name, String value) {
    Map<String, String> changed = new HashMap<>(lines);
    changed.put(name, value);
    return new TestKeys(changed);
  }

  /** A keyset whose only key has a given id, but is another key. */
  public TestKeys impostor(String keyId) throws GeneralSecurityException {
    AeadConfig.register();
    KeysetHandle handle =
        KeysetHandle.newBuilder()
            .addEntry(
                KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                    .withFixedId(Integer.parseUnsignedInt(keyId))
                    .makePrimary())
            .build();
    return with(
        "TIDEMARK_KEYSET",
        TinkJsonProtoKeysetFormat.serializeKeyset(
            handle, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()));
  }

  private Config config(Config base) {
    return base.withValue("secrecy.email-hash-key", value("EMAIL_HASH_KEY"))
        .withValue("secrecy.email-hash-key-previous", value("EMAIL_HASH_KEY_PREVIOUS"))
        .withValue("secrecy.keyset", value("TIDEMARK_KEYSET"));
  }

  private ConfigValue value(String name) {
    return ConfigValueFactory.fromAnyRef(lines.get(name));
  }
}
