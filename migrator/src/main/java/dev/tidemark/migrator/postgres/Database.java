package dev.tidemark.migrator.postgres;

import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.failure.UserFailure;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * How to reach one database.
 *
 * @param jdbcUrl a {@code jdbc:postgresql:} URL
 * @param user the role to log in as; null where the URL names it
 * @param password its password; null where none is needed or the URL has it
 */
public record Database(String jdbcUrl, String user, String password) {
  private static final String PREFIX = "jdbc:postgresql:";
  private static final String CONNECT_TIMEOUT_SECONDS = "10";

  /** Refuses what is no Postgres URL. */
  public Database {
    if (!jdbcUrl.startsWith(PREFIX) || !new Driver().acceptsURL(jdbcUrl)) {
      throw MigratorFailures.badDatabaseUrl(withoutSecrets(jdbcUrl));
    }
  }

  /**
   * Opens a connection in autocommit mode whose application name is {@code tidemark}.
   *
   * @throws UserFailure if the server cannot be reached, refuses the user or lacks the database
   */
  public Connection connect() {
    Properties properties = new Properties();
    properties.setProperty("ApplicationName", "tidemark");
    properties.setProperty("connectTimeout", CONNECT_TIMEOUT_SECONDS);
    properties.setProperty("tcpKeepAlive", "true");
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    try {
      // Not through DriverManager, which does not see drivers that spark-submit has loaded.
      return new Driver().connect(jdbcUrl, properties);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** The same server and user, another database. Only for URLs that name host and database. */
  public Database named(String database) {
    String path = "/" + URLEncoder.encode(database, StandardCharsets.UTF_8);
    return new Database(jdbcUrl.replaceFirst("(?<=[^/:])/[^/?]*(?=\\?|$)", path), user, password);
  }

  /** The same database, where the server refuses every session to write. */
  public Database readOnly() {
    String separator = jdbcUrl.contains("?") ? "&" : "?";
    return new Database(jdbcUrl + separator + "readOnly=true&readOnlyMode=always", user, password);
  }

  /** The URL without parameters, which may hold secrets: fit for messages. */
  public String address() {
    return withoutSecrets(jdbcUrl);
  }

  /** A URL that JDBC takes by itself, user and password included. */
  public String completeJdbcUrl() {
    String separator = jdbcUrl.contains("?") ? "&" : "?";
    StringBuilder url = new StringBuilder(jdbcUrl);
    if (user != null) {
      url.append(separator).append("user=").append(encoded(user));
      separator = "&";
    }
    if (password != null) {
      url.append(separator).append("password=").append(encoded(password));
    }
    return url.toString();
  }

  /** A URL that {@code psql} takes by itself, user and password included. */
  public String psqlUrl() {
    URI uri = URI.create(address().substring("jdbc:".length()));
    String owner = user == null ? "" : encoded(user);
    String secret = password == null ? "" : ":" + encoded(password);
    String login = owner.isEmpty() ? "" : owner + secret + "@";
    return "postgresql://"
        + login
        + (uri.getRawAuthority() == null ? "" : uri.getRawAuthority())
        + uri.getRawPath();
  }

  @Override
  public String toString() {
    return address() + " as " + user;
  }

  /** Which failure of the user's a failed connection is. */
  private UserFailure failure(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    if (state.startsWith("28")) {
      return MigratorFailures.refusedCredentials(address(), user, e);
    }
    if ("3D000".equals(state)) {
      return MigratorFailures.unknownDatabase(address(), e);
    }
    return MigratorFailures.unreachable(address(), e);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String withoutSecrets(String url) {
    return url.replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
  }
}
