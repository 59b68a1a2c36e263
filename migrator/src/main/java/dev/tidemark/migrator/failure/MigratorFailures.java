package dev.tidemark.migrator.failure;

import java.nio.file.Path;

/** The one place where the migrator's failures are made; codes run from {@code TM-MIG-001}. */
public final class MigratorFailures {
  private static final String NEW_KEYS =
      " `tidemark migrate keys new` makes new keys for a database that has no values yet";

  /** A script fails on the throw-away database; who only wants to look at it may go on. */
  public static final String TRACE_FAILED = "TM-MIG-050";

  /** The time of an operation is over; the change set that it stops before or in did not fail. */
  public static final String OVER_BUDGET = "TM-MIG-107";

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

  /** A quote, comment, parenthesis or body without an end. */
  public static MigratorException unterminated(String file, int line, String what) {
    return new MigratorException(
        "TM-MIG-020",
        ExitCode.USAGE,
        file + " cannot be split into statements",
        "the " + what + " that begins on line " + line + " has no end",
        "correct the script",
        null);
  }

  /** A placeholder that nobody gives a value to. */
  public static MigratorException unknownPlaceholder(String file, int line, String name) {
    return new MigratorException(
        "TM-MIG-021",
        ExitCode.USAGE,
        "The statement on line " + line + " of " + file + " has a placeholder without a value",
        "${" + name + "} is not known",
        "correct the name, or give it a value under migrate.placeholders in the configuration",
        null);
  }

  /** Change sets are looked for where there are none. */
  public static MigratorException noChangeSetFolder(String place) {
    return new MigratorException(
        "TM-MIG-022",
        ExitCode.USAGE,
        "There are no change sets in " + place,
        "it is not a folder",
        "correct migrate.change-sets in the configuration",
        null);
  }

  /** A folder among the change sets that is not named like one. */
  public static MigratorException badChangeSetName(String name) {
    return new MigratorException(
        "TM-MIG-023",
        ExitCode.USAGE,
        "The folder " + name + " is not a change set",
        "its name is not a time and a description, such as 202611210910_identity",
        "rename it to YYYYMMDDHHMM_<description> in small letters, digits and underscores",
        null);
  }

  /** Two change sets that want to be the same step. */
  public static MigratorException duplicateVersion(String version, String one, String other) {
    return new MigratorException(
        "TM-MIG-024",
        ExitCode.USAGE,
        "Two change sets have the version " + version,
        one + " and " + other + " begin alike",
        "give the younger one a later minute",
        null);
  }

  /** A change set that lacks a part. */
  public static MigratorException missingFile(String file) {
    return new MigratorException(
        "TM-MIG-025",
        ExitCode.USAGE,
        file + " is missing",
        "a change set has apply.sql, rollback.sql, verify.sql and changeset.conf",
        "write it",
        null);
  }

  /** A script that does nothing. */
  public static MigratorException emptyScript(String file) {
    return new MigratorException(
        "TM-MIG-026",
        ExitCode.USAGE,
        file + " has no statement",
        "a step that does nothing, cannot be undone or is not verified is not a change set",
        "fill the file in with at least one statement, or remove the folder",
        null);
  }

  /** A changeset.conf that cannot be used. */
  public static MigratorException badChangeSetConf(String file, String reason, Throwable cause) {
    return new MigratorException(
        "TM-MIG-027",
        ExitCode.USAGE,
        file + " cannot be used",
        String.valueOf(reason),
        "correct it; db/README.md explains every key",
        cause);
  }

  /** A file that the system does not hand over. */
  public static MigratorException unreadableChangeSet(String file, Throwable cause) {
    return new MigratorException(
        "TM-MIG-028",
        ExitCode.USAGE,
        file + " cannot be read",
        firstLine(cause),
        "see that it is there, readable and in UTF-8",
        cause);
  }

  /** A script that wants to command the transaction that it runs in. */
  public static MigratorException transactionControl(String file, int line, String word) {
    return new MigratorException(
        "TM-MIG-029",
        ExitCode.USAGE,
        "The statement on line " + line + " of " + file + " begins with " + word,
        "transactions are begun and ended by the migrator, so that its history tells the truth",
        "take it out; transactional in changeset.conf says whether all of it happens or nothing",
        null);
  }

  /** Another migrator is at work. */
  public static MigratorException busy(String database, String holder) {
    return new MigratorException(
        "TM-MIG-030",
        ExitCode.BUSY,
        "Another migrator is at work on " + database,
        holder,
        "wait until it is done, then run the command again; if nobody is there any more, end its"
            + " session with SELECT pg_terminate_backend(…)",
        null);
  }

  /** A lock that was not to be had in the configured number of attempts. */
  public static MigratorException lockNotAvailable(
      String where, int attempts, String blocker, String state, Throwable cause) {
    return new MigratorException(
        "TM-MIG-031",
        ExitCode.BUSY,
        where + " did not get its lock in " + attempts + " attempts; " + state,
        "it waited for " + blocker,
        "end that session or wait for it, then run the command again; migrate.lock-attempts and"
            + " migrate.lock-timeout set how long a statement waits",
        cause);
  }

  /** A statement that Postgres refuses. */
  public static MigratorException statementFailed(
      String where, String statement, String sqlState, String state, Throwable cause) {
    return new MigratorException(
        "TM-MIG-032",
        ExitCode.PARTIAL,
        where + " failed with SQLSTATE " + sqlState + "; " + state,
        firstLine(cause) + " in: " + statement,
        "correct the change set or the data that it meets; `tidemark migrate status` tells what to"
            + " type next",
        cause);
  }

  /** A change set whose own verification does not hold. */
  public static MigratorException verificationFailed(String where, String found, String state) {
    return new MigratorException(
        "TM-MIG-033",
        ExitCode.PARTIAL,
        where + " does not hold after the change set; " + state,
        found + " instead of one row with one true boolean",
        "correct apply.sql or verify.sql; `tidemark migrate status` tells what to type next",
        null);
  }

  /** A version that is asked for and is not there. */
  public static MigratorException unknownVersion(String version, String known) {
    return new MigratorException(
        "TM-MIG-034",
        ExitCode.USAGE,
        "There is no change set " + version + " to go to",
        known,
        "`tidemark migrate status` lists them",
        null);
  }

  /** A database that has seen change sets which this program does not know. */
  public static MigratorException schemaNewer(String database, String versions) {
    return new MigratorException(
        "TM-MIG-035",
        ExitCode.USAGE,
        "The schema of " + database + " is newer than this program",
        "it has " + versions + ", which this program does not know",
        "use the program that made it, or a newer one",
        null);
  }

  /** An applied change set that was edited afterwards. */
  public static MigratorException changeSetEdited(String name) {
    return new MigratorException(
        "TM-MIG-036",
        ExitCode.MISMATCH,
        "The change set " + name + " is not the one that was applied",
        "its statements were edited after it was applied",
        "take the edit back and put it into a change set of its own",
        null);
  }

  /** A change set that turned up behind others which are applied already. */
  public static MigratorException outOfOrder(String name, String current) {
    return new MigratorException(
        "TM-MIG-037",
        ExitCode.REFUSED,
        "The change set " + name + " comes too late",
        "the schema is at " + current + " already, and nobody tried the two in this order",
        "give it a version after " + current,
        null);
  }

  /** A change set that cannot be applied as it stands, and waits for a person. */
  public static MigratorException notFit(String name, String state, String detail, String remedy) {
    return new MigratorException(
        "TM-MIG-038",
        ExitCode.PARTIAL,
        "The change set " + name + " stands in the way: " + state,
        detail,
        remedy,
        null);
  }

  /** The migrator's own tables were made by a newer program. */
  public static MigratorException stateNewer(String scripts) {
    return new MigratorException(
        "TM-MIG-041",
        ExitCode.USAGE,
        "The migrator's tables in schema tidemark are newer than this program",
        "they have " + scripts + ", which this program does not know",
        "use the program that made them, or a newer one",
        null);
  }

  /** The migrator is gone, its session is not. */
  public static MigratorException stillRunning(String name, String session, String remedy) {
    return new MigratorException(
        "TM-MIG-042",
        ExitCode.BUSY,
        "The server is still at work on the change set " + name,
        "an earlier migrator is gone, but its session is there: " + session,
        remedy,
        null);
  }

  /** A pooler that gives each transaction another session. */
  public static MigratorException pooledTransactions(String database, String evidence) {
    return new MigratorException(
        "TM-MIG-043",
        ExitCode.USAGE,
        "The connection to " + database + " goes through a pooler in transaction mode",
        evidence
            + "; the migrator's lock, its timeouts and CREATE INDEX CONCURRENTLY need a session of"
            + " their own",
        "point database.url at the server itself, or at a pool in session mode (for PgBouncer:"
            + " pool_mode=session for a database of its own)",
        null);
  }

  /** A statement that took longer than it may. */
  public static MigratorException statementTimedOut(
      String where, String limit, String state, Throwable cause) {
    return new MigratorException(
        "TM-MIG-044",
        ExitCode.PARTIAL,
        where + " took longer than " + limit + "; " + state,
        "its statement timeout ended it",
        "make it shorter, or give the change set more time with statement-timeout in its"
            + " changeset.conf; then `tidemark migrate resolve` with --retry",
        cause);
  }

  /** A change set about which nothing is to be decided. */
  public static MigratorException nothingToResolve(String version) {
    return new MigratorException(
        "TM-MIG-045",
        ExitCode.USAGE,
        "There is nothing to resolve about the change set " + version,
        "it did not fail and was not interrupted",
        "`tidemark migrate status` tells where every change set stands",
        null);
  }

  /** A decision that what is there speaks against. */
  public static MigratorException resolutionRefused(
      String version, String choice, String reason, String remedy) {
    return new MigratorException(
        "TM-MIG-046",
        ExitCode.MISMATCH,
        "The change set " + version + " cannot be resolved with " + choice,
        reason,
        remedy,
        null);
  }

  /** A database that is taken over although it is not what it is said to be. */
  public static MigratorException baselineRefused(String version, String reason, String remedy) {
    return new MigratorException(
        "TM-MIG-047",
        ExitCode.MISMATCH,
        "The database cannot be taken over as being at " + version,
        reason,
        remedy,
        null);
  }

  /** A rollback of half a change set that would not end where it began. */
  public static MigratorException rollbackNotExact(String name, String difference, String state) {
    return new MigratorException(
        "TM-MIG-048",
        ExitCode.PARTIAL,
        "The rollback of " + name + " does not restore the state before; " + state,
        difference,
        "correct rollback.sql, or undo the rest by hand and say so with `tidemark migrate resolve`"
            + " and --mark-rolled-back",
        null);
  }

  /** A number of change sets to roll back that makes no sense. */
  public static MigratorException badRollbackCount(int count) {
    return new MigratorException(
        "TM-MIG-040",
        ExitCode.USAGE,
        "There is no rolling back the last " + count + " change sets",
        "the number is not positive",
        "give --last 1 or more, or --to with the version that stays",
        null);
  }

  /** A role that row-level security hides tenants from. */
  public static MigratorException tenantsHidden(String database) {
    return new MigratorException(
        "TM-MIG-072",
        ExitCode.USAGE,
        "The user of " + database + " does not see the rows of all tenants",
        "row-level security hides them, and it is not a member of tidemark_migration",
        "log in as the owner of the schema, or GRANT tidemark_migration TO the user",
        null);
  }

  /** A table that the program looks after is not there. */
  public static MigratorException schemaTooOld(String database, String table) {
    return new MigratorException(
        "TM-MIG-090",
        ExitCode.USAGE,
        "The database " + database + " has no table " + table,
        "its schema is older than the program, or lies in a schema that the user does not search",
        "run tidemark migrate apply first",
        null);
  }

  /** A script that does not run on the throw-away database either. */
  public static MigratorException traceFailed(
      String file, int line, String statement, String sqlState, Throwable cause) {
    String shown = statement.strip().replaceAll("\\s+", " ");
    return new MigratorException(
        TRACE_FAILED,
        ExitCode.USAGE,
        "Line " + line + " of " + file + " fails on the throw-away database, SQLSTATE " + sqlState,
        firstLine(cause)
            + " in: "
            + (shown.length() > 200 ? shown.substring(0, 200) + " …" : shown),
        "correct the statement; what it needs and the change sets before it do not make, a script"
            + " given with --given can",
        cause);
  }

  /** A change set that lint finds errors in. */
  public static MigratorException lintRefused(String changeSet, String findings) {
    return new MigratorException(
        "TM-MIG-051",
        ExitCode.REFUSED,
        "The change set " + changeSet + " would do harm, and nothing was applied",
        findings,
        "`tidemark migrate lint` tells the safe way to write it; a comment -- tidemark:allow RULE:"
            + " reason makes an exception, migrate.lint = warn lets everything pass",
        null);
  }

  /** A script to judge that cannot be read. */
  public static MigratorException unreadableScript(String file, Throwable cause) {
    return new MigratorException(
        "TM-MIG-052",
        ExitCode.USAGE,
        "The script " + file + " cannot be read",
        cause.toString(),
        "give a readable file in UTF-8",
        cause);
  }

  /** A catalogue that the server does not hand over. */
  public static MigratorException catalogueUnreadable(String database, Throwable cause) {
    return new MigratorException(
        "TM-MIG-080",
        ExitCode.UNREACHABLE,
        "The catalogue of " + database + " cannot be read",
        firstLine(cause),
        "see that the server is up and is Postgres 15 or newer, then run the command again",
        cause);
  }

  /** No throw-away database to apply change sets to. */
  public static MigratorException shadowRefused(String server, Throwable cause) {
    return new MigratorException(
        "TM-MIG-081",
        ExitCode.UNREACHABLE,
        "A throw-away database cannot be made on " + server,
        firstLine(cause),
        "set migrate.shadow-url to the JDBC URL of a server where the user may create databases",
        cause);
  }

  /** A classification that cannot be used. */
  public static MigratorException badClassification(String file, String reason, Throwable cause) {
    return new MigratorException(
        "TM-MIG-082",
        ExitCode.USAGE,
        "The classification in " + file + " cannot be used",
        reason,
        "correct it; docs/schema-docs.md explains every key",
        cause);
  }

  /** Exceptions from the design rules that cannot be used. */
  public static MigratorException badDesignRules(String file, String reason, Throwable cause) {
    return new MigratorException(
        "TM-MIG-083",
        ExitCode.USAGE,
        "The exceptions from design rules in " + file + " cannot be used",
        reason,
        "correct them; docs/schema-docs.md explains every key and lists the rules",
        cause);
  }

  /** Generated documents that cannot be read or written. */
  public static MigratorException docsFolderUnusable(Path folder, Throwable cause) {
    return new MigratorException(
        "TM-MIG-084",
        ExitCode.USAGE,
        "The documents in " + folder + " cannot be read or written",
        cause.toString(),
        "give a folder that you may write to with --to",
        cause);
  }

  /** A statement of our own that Postgres refuses: rights, space, a server that shuts down. */
  public static MigratorException databaseRefuses(String database, Throwable cause) {
    return new MigratorException(
        "TM-MIG-039",
        ExitCode.UNREACHABLE,
        "The database " + database + " refuses the migrator",
        firstLine(cause),
        "see that the user may create schemas and tables there, that the disk is not full, and that"
            + " the server is neither a standby nor paused in a recovery",
        cause);
  }

  /** A key that neither the environment nor the key file gives. */
  public static MigratorException missingSecretKey(String name) {
    return new MigratorException(
        "TM-MIG-060",
        ExitCode.USAGE,
        "There is no " + name + ", and sensitive values are never handled without their keys",
        "neither the environment nor a key file gives it",
        "set "
            + name
            + " in the environment, or secrecy.key-file to the file that has it;"
            + NEW_KEYS,
        null);
  }

  /**
   * A key that is too short, or none at all.
   *
   * @param reason must not quote the key
   */
  public static MigratorException badSecretKey(String name, String reason) {
    return new MigratorException(
        "TM-MIG-061",
        ExitCode.USAGE,
        "The key " + name + " cannot be used",
        reason,
        "see that it was copied whole;" + NEW_KEYS,
        null);
  }

  /** A key file that cannot be used. */
  public static MigratorException badKeyFile(Path file, String reason, Throwable cause) {
    return new MigratorException(
        "TM-MIG-062",
        ExitCode.USAGE,
        "The key file " + file + " cannot be used",
        reason,
        "correct it, or secrecy.key-file;" + NEW_KEYS,
        cause);
  }

  /** New keys would overwrite old ones. */
  public static MigratorException keyFileExists(Path file) {
    return new MigratorException(
        "TM-MIG-063",
        ExitCode.USAGE,
        "The key file " + file + " is there already",
        "what its keys encrypted would be lost without them",
        "give the name of a new file; `tidemark migrate keys add` adds a key to an old one",
        null);
  }

  /** A value that does not open. */
  public static MigratorException cannotDecrypt(String cell, String keyId) {
    return new MigratorException(
        "TM-MIG-064",
        ExitCode.USAGE,
        "The value of " + cell + " cannot be decrypted; nothing of its batch was changed",
        "it says that key "
            + keyId
            + " encrypts it, and the key of that id does not open it: another key, altered bytes,"
            + " or a value from another row",
        "give the keyset that encrypted it, or restore the value, then run the command again",
        null);
  }

  /** Values under keys that are not given. */
  public static MigratorException lackingKeys(String column, String keyIds, String known) {
    return new MigratorException(
        "TM-MIG-065",
        ExitCode.USAGE,
        column + " has values under keys that are not given; nothing was changed",
        "the database names " + keyIds + ", the keyset has " + known,
        "add the missing keys to TIDEMARK_KEYSET; old keys stay in the keyset until nothing is"
            + " encrypted with them",
        null);
  }

  /** An address hash that neither key makes. */
  public static MigratorException unknownEmailHash(String cell, String keys) {
    return new MigratorException(
        "TM-MIG-066",
        ExitCode.USAGE,
        "The hash in " + cell + " was made with another key; nothing of its batch was changed",
        "none of the given keys makes it of the row's address: " + keys,
        "give the key that the addresses were hashed with as EMAIL_HASH_KEY_PREVIOUS, then run the"
            + " command again",
        null);
  }

  /** A key id that is not in the keyset. */
  public static MigratorException unknownKeyId(String keyId, String known) {
    return new MigratorException(
        "TM-MIG-067",
        ExitCode.USAGE,
        "There is no key " + keyId + " in the keyset",
        "it has " + known,
        "give one of them",
        null);
  }

  /** The primary key cannot leave. */
  public static MigratorException primaryKeyStays(String keyId) {
    return new MigratorException(
        "TM-MIG-068",
        ExitCode.USAGE,
        "Key " + keyId + " cannot be removed",
        "it is the primary key: new values are encrypted with it",
        "promote another with `tidemark migrate keys promote`, and rotate, first",
        null);
  }

  /** A key that values are still encrypted with cannot leave. */
  public static MigratorException keyInUse(String keyId, String columns) {
    return new MigratorException(
        "TM-MIG-069",
        ExitCode.REFUSED,
        "Key " + keyId + " cannot be removed",
        "values are still encrypted with it in " + columns,
        "run `tidemark migrate keys rotate` first; without the key they would be lost",
        null);
  }

  /** Services that go on writing under an old key. */
  public static MigratorException stillWritten(String column, String keyIds) {
    return new MigratorException(
        "TM-MIG-070",
        ExitCode.BUSY,
        column + " gets new values under keys other than the primary: " + keyIds,
        "a service still has a keyset in which another key is the primary",
        "give every service the keyset with the new primary, then run the command again",
        null);
  }

  /** Rows that another transaction does not let go. */
  public static MigratorException rowsHeld(String column, String database, Throwable cause) {
    return new MigratorException(
        "TM-MIG-071",
        ExitCode.BUSY,
        "Rows of " + column + " are held by another session of " + database,
        "it did not let them go while the rotation waited",
        "end that session or wait for it, then run the command again: what is done stays done",
        cause);
  }

  /** An encrypted column that does not say which key. */
  public static MigratorException noKeyIdColumn(String column) {
    return new MigratorException(
        "TM-MIG-073",
        ExitCode.MISMATCH,
        column + " does not say which key its values are encrypted with",
        "the table has neither a *_key_id column of the same name nor encryption_key_id",
        "add one by a change set; docs/sensitive-values.md has the rules",
        null);
  }

  /** Development keys are not for every database. */
  public static MigratorException seedingNotAllowed(String database) {
    return new MigratorException(
        "TM-MIG-074",
        ExitCode.REFUSED,
        "The database " + database + " is not seeded",
        "seeds bring API keys that everybody can compute, and nothing says that this database may"
            + " have them",
        "for a development database, set seed.allowed = true in the configuration or"
            + " TIDEMARK_SEED_ALLOWED=true in the environment",
        null);
  }

  /** Seeds for a schema that is not there, or is another. */
  public static MigratorException schemaLacks(String database, Throwable cause) {
    return new MigratorException(
        "TM-MIG-075",
        ExitCode.USAGE,
        "The schema of " + database + " is not the one that this program fills",
        firstLine(cause),
        "run `tidemark migrate apply` first",
        cause);
  }

  /** A row of the user's own that keeps a seeded one out. */
  public static MigratorException rowInTheWay(String database, Throwable cause) {
    return new MigratorException(
        "TM-MIG-076",
        ExitCode.REFUSED,
        "A row of " + database + " is in the way of the seeds; nothing of this step was added",
        firstLine(cause),
        "rename or remove that row, or seed an empty database",
        cause);
  }

  /** A number of organizations that makes no sense. */
  public static MigratorException badScale(long organizations, long most) {
    return new MigratorException(
        "TM-MIG-077",
        ExitCode.USAGE,
        "There is no seeding " + organizations + " organizations",
        "the number is not between 1 and " + most,
        "give another --scale",
        null);
  }

  /** A table that another session does not let go. */
  public static MigratorException seedWaits(String database, Throwable cause) {
    return new MigratorException(
        "TM-MIG-078",
        ExitCode.BUSY,
        "Seeding " + database + " waited for another session in vain",
        firstLine(cause),
        "end that session or wait for it, then run the command again: what is done stays done",
        cause);
  }

  /** A change set that not enough people stand for. */
  public static MigratorException notApproved(String name, String reason, String version) {
    return new MigratorException(
        "TM-MIG-110",
        ExitCode.REFUSED,
        name + " is not approved, and nothing was changed",
        reason,
        "let each of them run `tidemark migrate approve "
            + version
            + "` under their own name (TIDEMARK_ACTOR); in an emergency, --break-glass REASON goes"
            + " without and leaves a mark",
        null);
  }

  /** Somebody approves who is not on the list. */
  public static MigratorException mayNotApprove(String name, String actor) {
    return new MigratorException(
        "TM-MIG-111",
        ExitCode.REFUSED,
        actor + " may not approve " + name,
        "migrate.approvals.people does not name " + actor,
        "let one of them approve it; who you are is told by migrate.actor or TIDEMARK_ACTOR",
        null);
  }

  /** Somebody takes back what was never given. */
  public static MigratorException nothingToRevoke(String name, String actor) {
    return new MigratorException(
        "TM-MIG-112",
        ExitCode.USAGE,
        "There is no approval of " + name + " by " + actor + " to revoke",
        "the bytes as they are now were not approved under that name, or it was revoked already",
        "`tidemark migrate status --json` names the approvals; who you are is told by migrate.actor"
            + " or TIDEMARK_ACTOR",
        null);
  }

  /** An emergency where there is to be none. */
  public static MigratorException glassStays() {
    return new MigratorException(
        "TM-MIG-113",
        ExitCode.REFUSED,
        "--break-glass is not allowed here, and nothing was changed",
        "migrate.approvals.break-glass is false",
        "let the author and another person approve the change set",
        null);
  }

  /** An address where health cannot be served. */
  public static MigratorException healthCannotListen(String address, Throwable cause) {
    return new MigratorException(
        "TM-MIG-135",
        ExitCode.USAGE,
        "Health cannot be served at " + address,
        firstLine(cause),
        "give another --serve PORT, or an address of this machine with --bind; 0 takes any free"
            + " port",
        cause);
  }

  /** A port that cannot be. */
  public static MigratorException badPort(int port) {
    return new MigratorException(
        "TM-MIG-136",
        ExitCode.USAGE,
        "There is no port " + port,
        "ports are numbers from 0 to 65535, where 0 takes any that is free",
        "correct --serve",
        null);
  }

  /** A check that does not hold before a change set or its rollback. */
  public static MigratorException checkRefused(String check, String changeSet, String found) {
    return new MigratorException(
        "TM-MIG-100",
        ExitCode.REFUSED,
        "The check \"" + check + "\" does not hold before " + changeSet + ", and it was not begun",
        found,
        "see to it that it holds, then run the command again; the checks stand in changeset.conf",
        null);
  }

  /** A check or a number of rows that is not as expected after a script. */
  public static MigratorException checkFailed(
      String check, String changeSet, String found, String state) {
    return new MigratorException(
        "TM-MIG-101",
        ExitCode.PARTIAL,
        check + " is not as expected after " + changeSet + "; " + state,
        found,
        "correct the script or its checks in changeset.conf; `tidemark migrate status` tells what"
            + " to type next",
        null);
  }

  /** Transactions that have been open for long. */
  public static MigratorException transactionsOpen(String transactions, String limit) {
    return new MigratorException(
        "TM-MIG-102",
        ExitCode.REFUSED,
        "A transaction has been open for more than " + limit + ", and nothing was applied",
        transactions,
        "end it (SELECT pg_terminate_backend(PID), or ROLLBACK PREPARED) or wait for it;"
            + " migrate.guards.open-transaction says how long one may take",
        null);
  }

  /** Standbys or slots that are far behind. */
  public static MigratorException replicationBehind(String lags) {
    return new MigratorException(
        "TM-MIG-103",
        ExitCode.REFUSED,
        "Replication is behind, and nothing was applied",
        lags,
        "wait until it has caught up, or drop a slot that nobody reads;"
            + " migrate.guards.replication-lag and replication-delay are the limits",
        null);
  }

  /** Tables that are written anew and for which there is no room. */
  public static MigratorException diskTooSmall(String needed, String free) {
    return new MigratorException(
        "TM-MIG-104",
        ExitCode.REFUSED,
        "The disk has no room for the tables that are written anew, and nothing was applied",
        needed + "; " + free,
        "make room, or write the change set without a rewrite (`tidemark migrate lint` tells how);"
            + " migrate.guards.free-disk is the figure for a server of your own",
        null);
  }

  /** A change that has to wait for the maintenance window. */
  public static MigratorException outsideWindow(
      String operation, String changeSets, String window, String opens) {
    return new MigratorException(
        "TM-MIG-105",
        ExitCode.REFUSED,
        "The maintenance window is closed, and nothing was " + operation,
        changeSets + " may run within it only: " + window,
        "wait until it opens, " + opens + ", or give --outside-window REASON, which is recorded",
        null);
  }

  /** A contract change set that comes too early, or does not say why it is time. */
  public static MigratorException contractRefused(String name, String lacking, String remedy) {
    return new MigratorException(
        "TM-MIG-106",
        ExitCode.REFUSED,
        "It is too early for the contract change set " + name + ", and nothing was applied",
        lacking,
        remedy,
        null);
  }

  /** An operation that takes longer than it may. */
  public static MigratorException overBudget(String limit, String where, String state) {
    return new MigratorException(
        OVER_BUDGET,
        ExitCode.PARTIAL,
        "The operation was stopped after its time, " + limit + ", before " + where,
        state,
        "run the same command again, which goes on from there; migrate.guards.budget is the time",
        null);
  }

  /** A scaffold that cannot be made. */
  public static MigratorException scaffoldRefused(String name, String reason, String remedy) {
    return new MigratorException(
        "TM-MIG-108",
        ExitCode.USAGE,
        "There is no change set to be made of \"" + name + "\"",
        reason,
        remedy,
        null);
  }

  /** A data step that is not as it has to be. */
  public static MigratorException badDataStep(String conf, String reason) {
    return new MigratorException(
        "TM-MIG-140",
        ExitCode.USAGE,
        "The data steps of " + conf + " cannot be used",
        reason,
        "correct it; db/README.md explains data steps",
        null);
  }

  /** A table that cannot be walked by the key. */
  public static MigratorException badDataStepKey(String step, String reason) {
    return new MigratorException(
        "TM-MIG-141",
        ExitCode.PARTIAL,
        step + " cannot be walked by its key",
        reason,
        "give a column that is never null, has a valid index that begins with it, and is of type"
            + " uuid, smallint, integer, bigint, text, date or a timestamp; then `tidemark migrate"
            + " resolve … --retry`",
        null);
  }

  /** The code of {@link #dataStepStopped}: nothing is wrong, the next apply goes on. */
  public static final String DATA_STEP_STOPPED = "TM-MIG-142";

  /** A data step that was not given the time to finish. */
  public static MigratorException dataStepStopped(String step, String reason, String progress) {
    return new MigratorException(
        DATA_STEP_STOPPED,
        ExitCode.PARTIAL,
        step + " was stopped; " + progress,
        reason,
        "run `tidemark migrate apply` again: it goes on where it stood",
        null);
  }

  /** A batch that Postgres refused. */
  public static MigratorException dataStepFailed(
      String step, String batch, String sqlState, String progress, Throwable cause) {
    return new MigratorException(
        "TM-MIG-143",
        ExitCode.PARTIAL,
        step + " failed with SQLSTATE " + sqlState + "; " + progress,
        String.valueOf(cause.getMessage()) + " in the batch " + batch,
        "mend the cause, then `tidemark migrate resolve … --retry`: apply goes on with this batch",
        cause);
  }

  /** Rows that a data step should have changed and did not. */
  public static MigratorException rowsRemain(String step, long rows) {
    return new MigratorException(
        "TM-MIG-144",
        ExitCode.PARTIAL,
        step + " has walked the whole table, and " + rows + " rows remain",
        "they came in behind it, or its statement does not do what its remaining.sql counts",
        "have programs write the new shape first; then `tidemark migrate resolve … --retry`: the"
            + " step walks the table once more",
        null);
  }

  /** The code of {@link #dataStepEdited}. */
  public static final String DATA_STEP_EDITED = "TM-MIG-145";

  /** A data step that is not the one that began. */
  public static MigratorException dataStepEdited(String step, String progress) {
    return new MigratorException(
        DATA_STEP_EDITED,
        ExitCode.PARTIAL,
        step + " was edited since it began; " + progress,
        "the rows that it walked would differ from those to come",
        "take the edit back, or roll the change set back and apply it anew",
        null);
  }

  /** An operation without a key where one is required, or a look at the chain without any. */
  public static MigratorException auditKeyMissing() {
    return new MigratorException(
        "TM-MIG-120",
        ExitCode.USAGE,
        "There is no key for the audit chain",
        "neither the environment nor the key file has TIDEMARK_AUDIT_KEY",
        "give it in the environment or in the file that TIDEMARK_KEY_FILE names; `tidemark migrate"
            + " keys new` makes one for a database that has none yet",
        null);
  }

  /** The chain is not the one that was written. */
  public static MigratorException auditContradicted(long number, String what, Path head) {
    return new MigratorException(
        "TM-MIG-121",
        ExitCode.MISMATCH,
        "The audit chain of this database is not the one that was written, and nothing was changed",
        "entry " + number + ", which " + head + " knows, " + what,
        "`tidemark migrate audit verify` says what is wrong; after a restore to an earlier time, or"
            + " when it is understood, `tidemark migrate audit accept --reason R` goes on from"
            + " here",
        null);
  }

  /** A head that cannot be read or written. */
  public static MigratorException badAuditHead(Path file, String reason, Throwable cause) {
    return new MigratorException(
        "TM-MIG-122",
        ExitCode.USAGE,
        "The head of the audit chain in " + file + " cannot be used",
        reason,
        "see that the file and its folder can be read and written, or set migrate.audit.path; of a"
            + " file that was damaged, bring back a copy",
        cause);
  }

  /** The chain was signed with a key that nobody gave. */
  public static MigratorException auditKeyUnknown(String keyId) {
    return new MigratorException(
        "TM-MIG-123",
        ExitCode.USAGE,
        "The audit chain ends with an entry of another key, and nothing was changed",
        "it was signed with key " + keyId + ", which was not given",
        "give that key as TIDEMARK_AUDIT_KEY, or as TIDEMARK_AUDIT_KEY_PREVIOUS beside a new one,"
            + " which it then hands over to",
        null);
  }

  /** Nothing to take for granted. */
  public static MigratorException nothingToAccept() {
    return new MigratorException(
        "TM-MIG-124",
        ExitCode.USAGE,
        "There is nothing to accept",
        "nothing speaks against the audit chain",
        "`tidemark migrate audit verify` shows what it holds",
        null);
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("unknown");
  }
}
