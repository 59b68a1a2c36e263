package dev.tidemark.migrator.seed;

import dev.tidemark.migrator.secrecy.Cell;
import dev.tidemark.migrator.secrecy.Sealed;
import dev.tidemark.migrator.secrecy.SecretKeys;
import dev.tidemark.migrator.seed.SeedResult.Credential;
import dev.tidemark.migrator.sql.SqlResource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/**
 * Organizations for load tests, numbered from 1. They are added in the order of their numbers, a
 * chunk a transaction, so that those which are there are always the first ones.
 *
 * <p>The audit log takes thirty times as long as the rows themselves. Where the user owns the
 * tables, a chunk goes by it: its trigger is off within the transaction, which nobody else sees.
 */
final class ScaleData {
  private static final int CHUNK = 5_000;
  private static final HexFormat HEX = HexFormat.of();
  private static final List<String> COLOURS = words("scale-colours.txt");
  private static final List<String> ANIMALS = words("scale-animals.txt");

  private final SecretKeys keys;
  private final DevelopmentSecrets secrets;
  private final SeedObserver observer;

  ScaleData(SecretKeys keys, DevelopmentSecrets secrets, SeedObserver observer) {
    this.keys = keys;
    this.secrets = secrets;
    this.observer = observer;
  }

  SeedResult insert(SeedConnection connection, long organizations) throws SQLException {
    connection.execute(SqlResource.read(ScaleData.class, "scale-rows.sql"));
    List<String> audited = auditedTables(connection);
    if (!audited.isEmpty()) {
      connection.execute("RESET ROLE");
    }
    connection.commit();
    long present = present(connection, organizations);
    long startedAt = System.nanoTime();
    long rows = 0;
    long next = present + 1;
    // While the database takes one chunk, the next is encrypted.
    CompletableFuture<byte[]> prepared = prepare(next, organizations);
    while (next <= organizations) {
      byte[] chunk = prepared.join();
      long last = Math.min(next + CHUNK - 1, organizations);
      prepared = prepare(last + 1, organizations);
      copy(connection, chunk);
      alter(connection, audited, "DISABLE TRIGGER");
      rows += connection.run(SeedFile.text("scale.sql"));
      alter(connection, audited, "ENABLE ALWAYS TRIGGER");
      connection.commit();
      next = last + 1;
      double seconds = (System.nanoTime() - startedAt) / 1e9;
      observer.progress(
          "%,d of %,d organizations, %,.0f rows a second"
              .formatted(last, organizations, rows / seconds));
    }
    return new SeedResult(rows, organizations, credentials(organizations));
  }

  /** Those whose audit trigger this user may switch off. */
  private static List<String> auditedTables(SeedConnection connection) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (PreparedStatement statement =
            connection
                .jdbc()
                .prepareStatement(SqlResource.read(ScaleData.class, "audited-tables.sql"));
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  private static void alter(SeedConnection connection, List<String> tables, String action)
      throws SQLException {
    for (String table : tables) {
      connection.execute("ALTER TABLE %s %s audit_change".formatted(table, action));
    }
  }

  private List<Credential> credentials(long organizations) {
    return Stream.of(1L, organizations)
        .distinct()
        .map(
            number ->
                new Credential(slug(number), "Gateway", "Gateway", secrets.scaleApiKey(number)))
        .toList();
  }

  /** How many of the organizations wanted are there: the first ones, by bisection. */
  private static long present(SeedConnection connection, long organizations) throws SQLException {
    long least = 0;
    long most = organizations;
    try (PreparedStatement statement =
        connection.jdbc().prepareStatement("SELECT FROM organizations WHERE id = ?")) {
      while (least < most) {
        long middle = least + (most - least + 1) / 2;
        statement.setObject(1, organizationId(middle));
        try (ResultSet rows = statement.executeQuery()) {
          if (rows.next()) {
            least = middle;
          } else {
            most = middle - 1;
          }
        }
      }
    }
    return least;
  }

  private CompletableFuture<byte[]> prepare(long first, long organizations) {
    return CompletableFuture.supplyAsync(
        () -> {
          StringBuilder lines = new StringBuilder();
          for (long n = first; n <= Math.min(first + CHUNK - 1, organizations); n++) {
            appendLine(lines, n);
          }
          return lines.toString().getBytes(StandardCharsets.UTF_8);
        });
  }

  /** A line of COPY's text format for the columns of scale-rows.sql. */
  private void appendLine(StringBuilder lines, long number) {
    String n = String.valueOf(number);
    String colour = COLOURS.get((int) (number % COLOURS.size()));
    String animal = ANIMALS.get((int) (number / COLOURS.size() % ANIMALS.size()));
    UUID ownerId = SeedIds.id("scale", "users", n, "owner");
    String email = "owner@" + slug(number) + ".example";
    Sealed sealed = keys.keyset().seal(new Cell("users", "email_ciphertext", ownerId), email);
    String apiKey = secrets.scaleApiKey(number);
    lines
        .append(organizationId(number))
        .append('\t')
        .append(ownerId)
        .append('\t')
        .append(colour + " " + animal + " " + n)
        .append('\t')
        .append(slug(number))
        .append('\t')
        .append("\\\\x" + HEX.formatHex(keys.emailHash().of(email)))
        .append('\t')
        .append("\\\\x" + HEX.formatHex(sealed.ciphertext()))
        .append('\t')
        .append(sealed.keyId())
        .append('\t')
        .append(DevelopmentSecrets.prefix(apiKey))
        .append('\t')
        .append("\\\\x" + HEX.formatHex(DevelopmentSecrets.hash(apiKey)))
        .append('\n');
  }

  private static void copy(SeedConnection connection, byte[] lines) throws SQLException {
    // Postgres refuses COPY into tables with row-level security, hence the temporary one.
    try {
      connection
          .jdbc()
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY scale_rows FROM STDIN", new ByteArrayInputStream(lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static UUID organizationId(long number) {
    return SeedIds.id("scale", "organizations", String.valueOf(number));
  }

  private static String slug(long number) {
    return "scale-" + number;
  }

  private static List<String> words(String name) {
    return SeedFile.text(name).lines().toList();
  }
}
