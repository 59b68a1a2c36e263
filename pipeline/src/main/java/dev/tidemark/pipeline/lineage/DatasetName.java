package dev.tidemark.pipeline.lineage;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A data set by OpenLineage's rules for names, so that what other tools tell of it meets ours.
 *
 * @param namespace where it lies, such as {@code postgres://db:5432} or {@code s3://bucket}
 * @param name what it is called there
 * @see <a href="https://openlineage.io/docs/spec/naming">Naming</a>
 */
public record DatasetName(String namespace, String name) {
  private static final Pattern URI = Pattern.compile("([a-zA-Z][\\w+.-]*):(?://([^/]*))?(/.*)?");
  private static final Pattern JDBC =
      Pattern.compile("jdbc:postgresql:(?://([^/?]*))?/?([^?]*)(?:\\?.*)?");
  private static final String POSTGRES_PORT = "5432";

  /** A file, folder or glob by its path or URI. */
  public static DatasetName ofPath(String path) {
    Matcher uri = URI.matcher(path);
    if (!uri.matches()) {
      return new DatasetName("file", path);
    }
    String scheme = uri.group(1).toLowerCase(Locale.ROOT);
    String authority = uri.group(2) == null ? "" : uri.group(2);
    String name = uri.group(3) == null ? "/" : uri.group(3);
    return switch (scheme) {
      case "file" -> new DatasetName("file", name);
      case "s3", "s3a", "s3n" -> new DatasetName("s3://" + authority, key(name));
      case "gs" -> new DatasetName("gs://" + authority, key(name));
      default -> new DatasetName(scheme + "://" + authority, name);
    };
  }

  /** Object stores know keys, not folders. */
  private static String key(String path) {
    return path.equals("/") ? "/" : path.substring(1);
  }

  /**
   * A Postgres table in the schema {@code public}. Of several hosts the first names the server.
   *
   * @param jdbcUrl a {@code jdbc:postgresql:} URL; its parameters, credentials among them, are left
   *     out
   */
  public static DatasetName ofTable(String jdbcUrl, String table) {
    Matcher jdbc = JDBC.matcher(jdbcUrl);
    String host = "localhost";
    String database = "postgres";
    if (jdbc.matches()) {
      host = jdbc.group(1) == null || jdbc.group(1).isEmpty() ? host : jdbc.group(1).split(",")[0];
      database = jdbc.group(2).isEmpty() ? database : jdbc.group(2);
    }
    boolean hasPort = host.matches(".*[^:]:\\d+|\\[.*]:\\d+");
    return new DatasetName(
        "postgres://" + (hasPort ? host : host + ":" + POSTGRES_PORT),
        database + ".public." + table);
  }
}
