package dev.tidemark.migrator.testing;

import dev.tidemark.migrator.postgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** What is in a database: a line a table, so that two databases can be compared. */
public final class Contents {
  /** What differs between two runs that did the same: times of writing, random bytes, counters. */
  private static final String VOLATILE =
      "'{created_at, updated_at, revised_at, ingested_xid, email_ciphertext, key_ciphertext,"
          + " config_ciphertext}'::text[]";

  private Contents() {}

  /** Rows and their checksum by table, the volatile columns left out; audit tables by rows only. */
  public static Map<String, String> of(Database database) throws SQLException {
    Map<String, String> contents = new TreeMap<>();
    try (Connection connection = database.connect()) {
      for (String table :
          Sql.column(
              connection,
              "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                  + " AND relkind IN ('r', 'p') AND NOT relispartition")) {
        String row =
            table.startsWith("audit_") ? "''" : "(to_jsonb(t) - %s)::text".formatted(VOLATILE);
        contents.put(
            table,
            Sql.value(
                connection,
                "SELECT count(*) || ' ' || coalesce(md5(string_agg(line, ',' ORDER BY line)), '')"
                    + " FROM (SELECT %s AS line FROM public.%s AS t) AS lines"
                        .formatted(row, table)));
      }
    }
    return contents;
  }
}
