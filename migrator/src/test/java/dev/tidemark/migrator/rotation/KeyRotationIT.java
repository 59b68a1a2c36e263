package dev.tidemark.migrator.rotation;

import static dev.tidemark.migrator.testing.Sql.column;
import static dev.tidemark.migrator.testing.Sql.execute;
import static dev.tidemark.migrator.testing.Sql.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.secrecy.Cell;
import dev.tidemark.migrator.secrecy.Keyset;
import dev.tidemark.migrator.secrecy.Sealed;
import dev.tidemark.migrator.seed.SeedSettings;
import dev.tidemark.migrator.seed.Seeder;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.TestKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KeyRotationIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final RotationOptions ROTATE = new RotationOptions(false, false, false);
  private static final RotationOptions DRY_RUN = new RotationOptions(false, false, true);
  private static final RotationOptions HASH = new RotationOptions(true, false, false);

  /** More users than fit into one batch. */
  private static final int ORGANIZATIONS = 450;

  private static final TestKeys OLD = TestKeys.create();
  private static final TestKeys NEW = OLD.rotated();

  private static Database seeded;

  private Database database;

  @BeforeAll
  static void seed() throws SQLException {
    seeded = POSTGRES.newMigratedDatabase();
    Seeder seeder =
        Seeder.of(
            seeded,
            OLD.keys(),
            new SeedSettings(true, "s", Optional.of(Instant.parse("2026-11-21T06:00:00Z"))));
    seeder.seed();
    seeder.scale(ORGANIZATIONS);
    seal("users", "mfa_secret", "SELECT min(id::text) FROM users WHERE kind = 'person'");
    seal("organizations", "billing_email", "SELECT max(id::text) FROM organizations");
  }

  /** What the seeds have none of. */
  private static void seal(String table, String name, String chooser) throws SQLException {
    UUID id = UUID.fromString(value(seeded, chooser));
    Sealed sealed = OLD.keys().keyset().seal(new Cell(table, name + "_ciphertext", id), name);
    execute(
        seeded,
        "UPDATE %s SET %s_ciphertext = '\\x%s', %2$s_key_id = '%s' WHERE id = '%s'"
            .formatted(
                table, name, HexFormat.of().formatHex(sealed.ciphertext()), sealed.keyId(), id));
  }

  @BeforeEach
  void copy() {
    database = POSTGRES.copyOf(seeded);
  }

  @Test
  void everyValueIsUnderTheNewKeyAndOpensWithItAlone() throws Exception {
    Map<String, String> before = plainTexts(OLD);
    TestKeys newAlone = NEW.without(OLD.keys().keyset().primaryKeyId());

    RotationResult result = KeyRotation.of(database, NEW.keys()).rotate(ROTATE);

    assertThat(plainTexts(newAlone)).isEqualTo(before).hasSizeGreaterThan(ORGANIZATIONS);
    assertThat(result.columns())
        .extracting(RotationResult.Column::name)
        .containsExactly(
            "connector_installations.config_ciphertext",
            "organizations.billing_email_ciphertext",
            "provider_keys.key_ciphertext",
            "users.email_ciphertext",
            "users.mfa_secret_ciphertext");
    assertThat(result.columns().stream().mapToLong(RotationResult.Column::encrypted).sum())
        .isEqualTo(before.size());
    assertThat(KeyRotation.of(database, NEW.keys()).rotate(ROTATE).columns())
        .allMatch(column -> column.encrypted() == 0);
  }

  @Test
  void eachRotatedSecretIsLogged() throws Exception {
    KeyRotation.of(database, NEW.keys()).rotate(ROTATE);

    assertThat(
            column(
                database,
                "SELECT DISTINCT old_encryption_key_id || '>' || new_encryption_key_id || ' ' || reason"
                    + " FROM secret_rotation_logs"))
        .containsExactly(
            "%s>%s encryption_key_rotated"
                .formatted(OLD.keys().keyset().primaryKeyId(), NEW.keys().keyset().primaryKeyId()));
    assertThat(
            value(
                database,
                "SELECT count(DISTINCT (secret_kind, secret_id)) FROM secret_rotation_logs"))
        .isEqualTo(String.valueOf(plainTexts(NEW).size()))
        .isEqualTo(value(database, "SELECT count(*) FROM secret_rotation_logs"));
    assertThat(column(database, "SELECT DISTINCT secret_kind FROM secret_rotation_logs ORDER BY 1"))
        .containsExactly(
            "provider_key", "connector_config", "user_email", "user_mfa_secret", "billing_email");
  }

  @Test
  void theReasonMayBeALeak() throws Exception {
    KeyRotation.of(database, NEW.keys()).rotate(new RotationOptions(false, true, false));
    assertThat(column(database, "SELECT DISTINCT reason FROM secret_rotation_logs"))
        .containsExactly("compromised");
  }

  @Test
  void aDryRunCountsAndChangesNothing() throws Exception {
    String before = checksum();
    RotationResult result = KeyRotation.of(database, NEW.keys()).rotate(DRY_RUN);

    assertThat(result.columns().stream().mapToLong(RotationResult.Column::encrypted).sum())
        .isEqualTo(plainTexts(OLD).size());
    assertThat(checksum()).isEqualTo(before);
  }

  @Test
  void anotherKeyOfTheSameIdChangesNothing() throws Exception {
    String keyId = OLD.keys().keyset().primaryKeyId();
    TestKeys wrong = OLD.impostor(keyId).rotated();
    String before = checksum();

    assertThatThrownBy(() -> KeyRotation.of(database, wrong.keys()).rotate(ROTATE))
        .isInstanceOf(MigratorException.class)
        .hasMessageStartingWith(
            "TM-MIG-064: The value of connector_installations.config_ciphertext/")
        .hasMessageContaining("key " + keyId)
        .hasNoCause();
    assertThat(checksum()).isEqualTo(before);
  }

  @Test
  void aKeysetThatLacksAKeyChangesNothing() throws Exception {
    String before = checksum();
    TestKeys other = TestKeys.create();

    assertThatThrownBy(() -> KeyRotation.of(database, other.keys()).rotate(ROTATE))
        .hasMessageContaining("TM-MIG-065")
        .hasMessageContaining("the database names " + OLD.keys().keyset().primaryKeyId())
        .hasMessageContaining("the keyset has " + other.keys().keyset().primaryKeyId());
    assertThat(checksum()).isEqualTo(before);
  }

  @Test
  void aValueFromAnotherRowIsFoundOut() throws Exception {
    String victim = value(database, "SELECT min(id::text) FROM users WHERE email_hmac IS NOT NULL");
    execute(
        database,
        "UPDATE users SET email_ciphertext = (SELECT email_ciphertext FROM users"
            + " WHERE email_hmac IS NOT NULL ORDER BY id DESC LIMIT 1) WHERE id = '"
            + victim
            + "'");

    assertThatThrownBy(() -> KeyRotation.of(database, NEW.keys()).rotate(ROTATE))
        .hasMessageContaining("TM-MIG-064: The value of users.email_ciphertext/" + victim)
        .hasMessageNotContaining("@");
  }

  @Test
  void addressesGetTheHashOfTheNewKey() throws Exception {
    TestKeys rehashed = OLD.rehashed();

    RotationResult result = KeyRotation.of(database, rehashed.keys()).rotate(HASH);

    assertThat(hashed(result)).isEqualTo(peoplesAddresses().size());
    assertThat(peoplesAddresses())
        .allSatisfy(
            (hash, address) ->
                assertThat(hash)
                    .isEqualTo(HexFormat.of().formatHex(rehashed.keys().emailHash().of(address))));
    // The values themselves are under the same key as before: nothing was rotated there.
    assertThat(value(database, "SELECT count(*) FROM secret_rotation_logs")).isEqualTo("0");
    assertThat(hashed(KeyRotation.of(database, rehashed.keys()).rotate(HASH))).isZero();
  }

  @Test
  void withoutThePreviousHashKeyNothingChanges() throws Exception {
    String before = checksum();
    TestKeys forgotten = OLD.rehashed().with("EMAIL_HASH_KEY_PREVIOUS", null);
    TestKeys wrong = OLD.rehashed().rehashed();

    assertThatThrownBy(() -> KeyRotation.of(database, forgotten.keys()).rotate(HASH))
        .hasMessageContaining("TM-MIG-066: The hash in users.email_ciphertext/")
        .hasMessageContaining("no EMAIL_HASH_KEY_PREVIOUS")
        .hasMessageNotContaining("@");
    assertThatThrownBy(() -> KeyRotation.of(database, wrong.keys()).rotate(HASH))
        .hasMessageContaining("TM-MIG-066");
    assertThat(checksum()).isEqualTo(before);
  }

  @Test
  void aServiceThatIsChangingARowIsWaitedForAndItsChangeStays() throws Exception {
    UUID user =
        UUID.fromString(
            value(database, "SELECT min(id::text) FROM users WHERE email_hmac IS NOT NULL"));
    Cell cell = new Cell("users", "email_ciphertext", user);
    Sealed moved = OLD.keys().keyset().seal(cell, "moved@away.example");
    try (Connection service = database.connect();
        PreparedStatement update =
            service.prepareStatement("UPDATE users SET email_ciphertext = ? WHERE id = ?")) {
      service.setAutoCommit(false);
      update.setBytes(1, moved.ciphertext());
      update.setObject(2, user);
      update.executeUpdate();
      CompletableFuture<RotationResult> rotation =
          CompletableFuture.supplyAsync(() -> KeyRotation.of(database, NEW.keys()).rotate(ROTATE));
      awaitLockWait();
      service.commit();
      rotation.get(60, TimeUnit.SECONDS);
    }
    assertThat(plainTexts(NEW)).containsEntry(cell.toString(), "moved@away.example");
    assertThat(value(database, "SELECT email_key_id FROM users WHERE id = '" + user + "'"))
        .isEqualTo(NEW.keys().keyset().primaryKeyId());
  }

  @Test
  void aServiceWithAnOlderCopyOfARowIsToldSo() throws Exception {
    String user = value(database, "SELECT min(id::text) FROM users WHERE email_hmac IS NOT NULL");
    String version = value(database, "SELECT version FROM users WHERE id = '" + user + "'");

    KeyRotation.of(database, NEW.keys()).rotate(ROTATE);

    assertThatThrownBy(
            () ->
                execute(
                    database,
                    "UPDATE users SET full_name = 'X', version = %s WHERE id = '%s'"
                        .formatted(version, user)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("users has version");
  }

  @Test
  void aServiceThatGoesOnWithTheOldKeyIsNoticed() throws Exception {
    execute(
        database,
        "CREATE FUNCTION old_service() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " NEW.key_ciphertext := OLD.key_ciphertext;"
            + " NEW.encryption_key_id := OLD.encryption_key_id; RETURN NEW; END $$",
        "CREATE TRIGGER a_old_service BEFORE UPDATE ON provider_keys"
            + " FOR EACH ROW EXECUTE FUNCTION old_service()");

    assertThatThrownBy(() -> KeyRotation.of(database, NEW.keys()).rotate(ROTATE))
        .isInstanceOfSatisfying(
            MigratorException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BUSY))
        .hasMessageContaining("TM-MIG-070: provider_keys.key_ciphertext")
        .hasMessageContaining(OLD.keys().keyset().primaryKeyId());
  }

  @Test
  void aKeyInUseIsNotRemoved() throws Exception {
    KeyRotation rotation = KeyRotation.of(database, NEW.keys());
    String old = OLD.keys().keyset().primaryKeyId();

    assertThatThrownBy(() -> rotation.refuseKeyInUse(old))
        .hasMessageContaining("TM-MIG-069")
        .hasMessageContaining("provider_keys.key_ciphertext, users.email_ciphertext");
    rotation.rotate(ROTATE);
    rotation.refuseKeyInUse(old);
  }

  @Test
  void aRoleThatSeesOneTenantOnlyDoesNotTakeItForAll() throws Exception {
    String role = "narrow_" + ProcessHandle.current().pid();
    execute(
        database,
        "CREATE ROLE " + role + " LOGIN PASSWORD 'narrow'",
        "GRANT tidemark_service TO " + role);
    try {
      Database narrow = new Database(database.address(), role, "narrow");
      assertThatThrownBy(() -> KeyRotation.of(narrow, NEW.keys()).rotate(DRY_RUN))
          .hasMessageContaining("TM-MIG-072");
    } finally {
      execute(database, "DROP ROLE " + role);
    }
  }

  @Test
  void aColumnThatDoesNotNameItsKeyIsRefused() throws Exception {
    execute(database, "CREATE TABLE diaries (id uuid PRIMARY KEY, page_ciphertext bytea)");
    assertThatThrownBy(() -> KeyRotation.of(database, NEW.keys()).rotate(ROTATE))
        .hasMessageContaining("TM-MIG-073: diaries.page_ciphertext");
  }

  private static long hashed(RotationResult result) {
    return result.columns().stream().mapToLong(RotationResult.Column::hashed).sum();
  }

  /** Everything that a rotation could change. */
  private String checksum() throws SQLException {
    return value(
        database,
        "SELECT md5(string_agg(line, ',' ORDER BY line)) FROM ("
            + "SELECT u::text AS line FROM users AS u UNION ALL SELECT o::text FROM organizations AS o UNION ALL SELECT p::text FROM provider_keys AS p"
            + " UNION ALL SELECT c::text FROM connector_installations AS c"
            + " UNION ALL SELECT l::text FROM secret_rotation_logs AS l) AS rows");
  }

  /** What the values say, by their places; opened with the keyset alone, not by the rotation. */
  private Map<String, String> plainTexts(TestKeys keys) throws Exception {
    Map<String, String> texts = new TreeMap<>();
    open(texts, keys, "users", "email_ciphertext");
    open(texts, keys, "users", "mfa_secret_ciphertext");
    open(texts, keys, "organizations", "billing_email_ciphertext");
    open(texts, keys, "provider_keys", "key_ciphertext");
    open(texts, keys, "connector_installations", "config_ciphertext");
    return texts;
  }

  private void open(Map<String, String> texts, TestKeys keys, String table, String name)
      throws SQLException, GeneralSecurityException {
    Keyset keyset = keys.keys().keyset();
    String query = "SELECT id, %s FROM %s WHERE %1$s IS NOT NULL".formatted(name, table);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        Cell cell = new Cell(table, name, rows.getObject(1, UUID.class));
        byte[] value = keyset.open(cell, rows.getBytes(2));
        texts.put(cell.toString(), new String(value, StandardCharsets.UTF_8));
      }
    }
  }

  /** Addresses by the hashes that stand beside them. */
  private Map<String, String> peoplesAddresses() throws Exception {
    Map<String, String> texts = plainTexts(OLD);
    Map<String, String> addresses = new TreeMap<>();
    for (String row :
        column(
            database,
            "SELECT id || ' ' || encode(email_hmac, 'hex') FROM users WHERE email_hmac IS NOT NULL")) {
      String[] parts = row.split(" ");
      addresses.put(parts[1], texts.get("users.email_ciphertext/" + parts[0]));
    }
    return addresses;
  }

  private void awaitLockWait() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (column(
            database,
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                + " AND wait_event_type = 'Lock'")
        .isEmpty()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
