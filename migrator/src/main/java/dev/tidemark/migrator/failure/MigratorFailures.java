package dev.tidemark.migrator.failure;

import java.nio.file.Path;

/** The one place where the migrator's failures are made; codes run from {@code TM-MIG-001}. */
public final class MigratorFailures {
  private MigratorFailures() {}

  /** A value of {@code database.url} that is neither "embedded" nor a Postgres URL. */
  public static MigratorException badDatabaseUrl(String url) {
    return new MigratorException(
        "TM-MIG-001",
        ExitCode.USAGE,
        "The configuration value database.url = \"" + url + "\" cannot be used",
        "it is neither \"embedded\" nor a URL of the form jdbc:postgresql://host:port/database",
        "correct database.url in the configuration, or TIDEMARK_DATABASE_URL in the environment",
        null);
  }

  /** No Postgres answers at the address. */
  public static MigratorException unreachable(String url, Throwable cause) {
    return new MigratorException(
        "TM-MIG-002",
        ExitCode.UNREACHABLE,
        "No Postgres answers at " + url,
        firstLine(cause),
        "start the server, or correct database.url; host, port and firewall are worth a look",
        cause);
  }

  /** The server does not let this user in. */
  public static MigratorException refusedCredentials(String url, String user, Throwable cause) {
    return new MigratorException(
        "TM-MIG-003",
        ExitCode.UNREACHABLE,
        "The Postgres at " + url + " refuses user " + (user == null ? "(none given)" : user),
        firstLine(cause),
        "correct database.user and database.password (TIDEMARK_DATABASE_USER and"
            + " TIDEMARK_DATABASE_PASSWORD in the environment), or the server's pg_hba.conf",
        cause);
  }

  /** The server is there, the database is not. */
  public static MigratorException unknownDatabase(String url, Throwable cause) {
    return new MigratorException(
        "TM-MIG-004",
        ExitCode.UNREACHABLE,
        "The Postgres at " + url + " has no such database",
        firstLine(cause),
        "create it with CREATE DATABASE, or correct the name at the end of database.url",
        cause);
  }

  /** The connection broke while it was used. */
  public static MigratorException connectionLost(String url, Throwable cause) {
    return new MigratorException(
        "TM-MIG-005",
        ExitCode.UNREACHABLE,
        "The connection to the Postgres at " + url + " was lost",
        firstLine(cause),
        "see that the server is up, then run the command again: what was committed stays",
        cause);
  }

  /** The laptop's Postgres does not start. */
  public static MigratorException localServerFailed(Path folder, String reason, Throwable cause) {
    return new MigratorException(
        "TM-MIG-006",
        ExitCode.UNREACHABLE,
        "The Postgres in " + folder + " cannot be started",
        reason,
        "see "
            + folder.resolve("server.log")
            + "; the folder needs free space and must be writable. Or set database.url to a server"
            + " of your own",
        cause);
  }

  /** The laptop's Postgres was made by another major version. */
  public static MigratorException localServerVersion(Path folder, String found, String ours) {
    return new MigratorException(
        "TM-MIG-007",
        ExitCode.USAGE,
        "The Postgres in " + folder + " holds data of version " + found,
        "this program brings Postgres " + ours + ", which cannot read them",
        "use the Tidemark that made them, or move the folder away to begin anew",
        null);
  }

  /** Nothing to run Postgres with on this machine. */
  public static MigratorException noLocalServer(String reason, Throwable cause) {
    return new MigratorException(
        "TM-MIG-008",
        ExitCode.UNREACHABLE,
        "This machine cannot run the Postgres that Tidemark brings along",
        reason,
        "set database.url (TIDEMARK_DATABASE_URL) to the JDBC URL of a Postgres of your own",
        cause);
  }

  /** Somebody asks for the address of a server that is not up. */
  public static MigratorException localServerNotRunning(Path folder) {
    return new MigratorException(
        "TM-MIG-009",
        ExitCode.UNREACHABLE,
        "The Postgres in " + folder + " is not running",
        "it runs only while a command needs it, unless it was started to stay",
        "start it with `tidemark postgres start`",
        null);
  }

  /** A server command for a server that is not ours to command. */
  public static MigratorException notOurServer(String url) {
    return new MigratorException(
        "TM-MIG-010",
        ExitCode.USAGE,
        "The Postgres at " + url + " is not Tidemark's to start or stop",
        "database.url names a server of your own",
        "use the server's own tools, or set database.url to \"embedded\"",
        null);
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("unknown");
  }
}
