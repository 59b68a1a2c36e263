package dev.tidemark.migrator.testing;

import dev.tidemark.migrator.postgres.Database;
import java.sql.Connection;
import java.sql.SQLException;

/** The audit log as only an owner who switches its triggers off can change it. */
public final class AuditHistory {
  private static final String EVERY_PARTITION =
      "DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT relid FROM"
          + " pg_partition_tree('audit_log_entries') LOOP EXECUTE format('ALTER TABLE %%s %s', t);"
          + " END LOOP; END $$";

  private AuditHistory() {}

  /** Executes statements without the triggers that guard entries and heads. */
  public static void unguarded(Database database, String... statements) throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      Sql.execute(
          connection,
          EVERY_PARTITION.formatted(
              "DISABLE TRIGGER refuse_audit_change, DISABLE TRIGGER keep_tenant"),
          "ALTER TABLE audit_chain_heads DISABLE TRIGGER keep_head");
      Sql.execute(connection, statements);
      Sql.execute(
          connection,
          "ALTER TABLE audit_chain_heads ENABLE ALWAYS TRIGGER keep_head",
          EVERY_PARTITION.formatted(
              "ENABLE ALWAYS TRIGGER refuse_audit_change, ENABLE TRIGGER keep_tenant"));
      connection.commit();
    }
  }

  /**
   * Writes the entries of an organization anew as if the clock had been turned back: one an hour,
   * with a chain that is whole.
   *
   * @param since when the first is written, instant
   * @param kept how long after {@code since} they are kept, interval
   */
  public static void turnBack(Database database, String organization, String since, String kept)
      throws SQLException {
    String of = " WHERE organization_id = '%s'".formatted(organization);
    unguarded(
        database,
        "UPDATE audit_log_entries SET occurred_at = timestamptz '%1$s' + sequence * interval '1 h',"
                .formatted(since)
            + " retain_until = timestamptz '%s' + interval '%s'".formatted(since, kept)
            + of,
        "DO $$ DECLARE last bytea := decode(repeat('00', 32), 'hex'); place bigint; BEGIN"
            + " FOR place IN SELECT sequence FROM audit_log_entries"
            + of
            + " ORDER BY 1 LOOP"
            + " UPDATE audit_log_entries SET previous_hash = last"
            + of
            + " AND sequence = place;"
            + " UPDATE audit_log_entries AS e SET entry_hash = audit_entry_hash(e)"
            + of
            + " AND sequence = place RETURNING entry_hash INTO last;"
            + " END LOOP; END $$",
        "UPDATE audit_chain_heads AS h SET (last_hash, last_occurred_at) = (SELECT entry_hash,"
            + " occurred_at FROM audit_log_entries AS e WHERE e.organization_id ="
            + " h.organization_id ORDER BY sequence DESC LIMIT 1)"
            + of);
  }
}
