package dev.tidemark.migrator.seed;

import dev.tidemark.migrator.secrecy.Cell;
import dev.tidemark.migrator.secrecy.Sealed;
import dev.tidemark.migrator.secrecy.SecretKeys;
import dev.tidemark.migrator.seed.SeedResult.Credential;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The organizations of {@code db/seeds}: tables of people, keys and the like, and scripts that make
 * rows of them. All of it happens in one transaction.
 */
final class SampleData {
  private static final List<String> SCRIPTS =
      List.of(
          "1-tenancy.sql",
          "2-identity.sql",
          "3-models.sql",
          "4-secrets.sql",
          "5-workflows.sql",
          "6-usage.sql",
          "7-summaries.sql",
          "8-metering.sql");
  private static final List<String> TABLES = List.of("organizations", "workspaces", "models");
  private static final HexFormat HEX = HexFormat.of();

  private final SecretKeys keys;
  private final DevelopmentSecrets secrets;
  private final SeedObserver observer;

  SampleData(SecretKeys keys, DevelopmentSecrets secrets, SeedObserver observer) {
    this.keys = keys;
    this.secrets = secrets;
    this.observer = observer;
  }

  /**
   * Adds what is not there.
   *
   * @param until where usage ends
   * @return how many rows were added
   */
  long insert(SeedConnection connection, Instant until) throws SQLException {
    connection.set("seed.until", until.toString());
    for (String table : TABLES) {
      connection.load("seed_" + table, SeedFile.rows(table + ".csv"));
    }
    connection.load("seed_people", people());
    connection.load("seed_api_keys", apiKeys());
    connection.load("seed_provider_keys", providerKeys());
    connection.load("seed_connector_installations", connectorInstallations());
    long rows = 0;
    for (String script : SCRIPTS) {
      observer.progress("Seeding " + script);
      rows += connection.run(SeedFile.text(script));
    }
    connection.commit();
    return rows;
  }

  List<Credential> credentials() {
    Map<String, String> users = new LinkedHashMap<>();
    for (Map<String, String> person : SeedFile.rows("people.csv")) {
      String email = person.get("email");
      users.put(owner(person), email == null ? person.get("full_name") : email);
    }
    List<Credential> credentials = new ArrayList<>();
    for (Map<String, String> key : SeedFile.rows("api_keys.csv")) {
      String organization = key.get("organization");
      String name = key.get("name");
      credentials.add(
          new Credential(
              organization, users.get(owner(key)), name, secrets.apiKey(organization, name)));
    }
    return credentials;
  }

  private static String owner(Map<String, String> row) {
    return row.get("organization") + "/" + row.get("handle");
  }

  private List<Map<String, String>> people() {
    List<Map<String, String>> rows = SeedFile.rows("people.csv");
    for (Map<String, String> row : rows) {
      String email = row.remove("email");
      row.put("email_hmac", email == null ? null : HEX.formatHex(keys.emailHash().of(email)));
      seal(
          row,
          "email_ciphertext",
          "email_key_id",
          SeedIds.id("users", row.get("organization"), row.get("handle")),
          "users",
          email);
    }
    return rows;
  }

  private List<Map<String, String>> apiKeys() {
    List<Map<String, String>> rows = SeedFile.rows("api_keys.csv");
    for (Map<String, String> row : rows) {
      String key = secrets.apiKey(row.get("organization"), row.get("name"));
      row.put("key_prefix", DevelopmentSecrets.prefix(key));
      row.put("key_hash", HEX.formatHex(DevelopmentSecrets.hash(key)));
    }
    return rows;
  }

  private List<Map<String, String>> providerKeys() {
    List<Map<String, String>> rows = SeedFile.rows("provider_keys.csv");
    for (Map<String, String> row : rows) {
      String key = secrets.providerKey(row.get("organization"), row.get("name"));
      row.put("key_prefix", DevelopmentSecrets.prefix(key));
      row.put("key_last_four", key.substring(key.length() - 4));
      seal(
          row,
          "key_ciphertext",
          "encryption_key_id",
          SeedIds.id("provider_keys", row.get("organization"), row.get("name")),
          "provider_keys",
          key);
    }
    return rows;
  }

  private List<Map<String, String>> connectorInstallations() {
    List<Map<String, String>> rows = SeedFile.rows("connector_installations.csv");
    for (Map<String, String> row : rows) {
      seal(
          row,
          "config_ciphertext",
          "encryption_key_id",
          SeedIds.id("connector_installations", row.get("organization"), row.get("name")),
          "connector_installations",
          row.remove("configuration"));
    }
    return rows;
  }

  private void seal(
      Map<String, String> row,
      String ciphertext,
      String keyId,
      UUID id,
      String table,
      String value) {
    Sealed sealed =
        value == null ? null : keys.keyset().seal(new Cell(table, ciphertext, id), value);
    row.put(ciphertext, sealed == null ? null : HEX.formatHex(sealed.ciphertext()));
    row.put(keyId, sealed == null ? null : sealed.keyId());
  }
}
