package dev.tidemark.pipeline.failure;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.pipeline.window.Micros;
import dev.tidemark.pipeline.window.TimeRange;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The one place where the pipeline's failures are made; codes run from {@code TM-PIP-001}. */
public final class PipelineFailures {
  private PipelineFailures() {}

  /** A column mapping that Spark cannot understand. */
  public static PipelineException badMapping(String column, String expression, Throwable cause) {
    return new PipelineException(
        "TM-PIP-001",
        ExitCode.USAGE,
        "The mapping source.columns." + column + " = \"" + expression + "\" cannot be used",
        firstLine(cause),
        "give a Spark SQL expression over the columns of the source",
        cause);
  }

  /** A database that cannot be connected to. */
  public static PipelineException databaseOutOfReach(String jdbcUrl, SQLException cause) {
    String state = String.valueOf(cause.getSQLState());
    String remedy =
        state.startsWith("28")
            ? "check database.user and database.password (or TIDEMARK_DATABASE_USER and"
                + " TIDEMARK_DATABASE_PASSWORD)"
            : state.equals("3D000")
                ? "check the database's name in database.url"
                : "check database.url, and that the server runs and can be reached from here";
    return new PipelineException(
        "TM-PIP-002",
        ExitCode.UNREACHABLE,
        "The database " + withoutSecrets(jdbcUrl) + " cannot be connected to",
        firstLine(cause),
        remedy,
        cause);
  }

  /** A source table that could be connected to but not read or written. */
  public static PipelineException sourceUnreadable(String what, SQLException cause) {
    String state = String.valueOf(cause.getSQLState());
    String remedy =
        switch (state) {
          case "42P01", "42883" ->
              "apply the operational change sets first: tidemark migrate apply";
          case "42501" ->
              "have an administrator GRANT tidemark_extraction to the database user: it reads"
                  + " usage_events and writes extraction_tokens and extraction_watermarks";
          default -> "see the server's log; the next run takes up where this one stopped";
        };
    return new PipelineException(
        "TM-PIP-003",
        ExitCode.UNREACHABLE,
        "Postgres cannot give " + what,
        firstLine(cause) + " (SQLSTATE " + state + ")",
        remedy,
        cause);
  }

  /** Other runs were faster too often. */
  public static PipelineException tooManyConflicts(String what, int attempts, Throwable cause) {
    return new PipelineException(
        "TM-PIP-004",
        ExitCode.BUSY,
        "Other runs were faster " + attempts + " times in a row at " + what,
        cause == null ? "another run claimed the same work" : firstLine(cause),
        "let the other runs end, then try again; nothing is lost",
        cause);
  }

  /** The kernel's groups do not add up to the rows read: a defect, stopped before it does harm. */
  public static IllegalStateException countsDiffer(
      String window, String measure, long read, long grouped) {
    return new IllegalStateException(
        "Of " + window + ", " + read + " " + measure + " were read but the groups hold " + grouped);
  }

  /** A folder that holds something other than a lake. */
  public static PipelineException notOurLake(String path, String reason) {
    return new PipelineException(
        "TM-PIP-006",
        ExitCode.USAGE,
        "The folder " + path + " cannot be used as the lake",
        reason,
        "give an empty or a new folder, or that of a lake, as lake.path",
        null);
  }

  /** A lake with change sets that this program does not know. */
  public static PipelineException lakeIsNewer(String path, long newest, long known) {
    return new PipelineException(
        "TM-PIP-007",
        ExitCode.USAGE,
        "The lake " + path + " is newer than this program",
        "it has change set " + newest + ", and the newest that this program knows is " + known,
        "use the program that made the change, or a newer one",
        null);
  }

  /** Policies that may hide events from the database user (EX-5). */
  public static PipelineException rowsHidden(String table, String user) {
    return new PipelineException(
        "TM-PIP-008",
        ExitCode.UNREACHABLE,
        "The database user " + user + " may not see all events",
        "the row-level security of " + table + " hides the rows of other tenants from it",
        "have an administrator run: GRANT tidemark_extraction TO " + user + ";",
        null);
  }

  /** The run was interrupted. */
  public static PipelineException interrupted(InterruptedException cause) {
    return new PipelineException(
        "TM-PIP-005",
        ExitCode.INTERRUPTED,
        "The run was interrupted",
        "it was asked to stop",
        "start it again; it takes up where it stopped",
        cause);
  }

  /** A column mapping for a column that events do not have. */
  public static PipelineException unknownEventColumn(String column, List<String> known) {
    return new PipelineException(
        "TM-PIP-010",
        ExitCode.USAGE,
        "The key source.columns." + column + " names no column of an event",
        "the columns are " + String.join(", ", known),
        "map one of these, or remove the key",
        null);
  }

  /** A file source that does not say when its events happened. */
  public static PipelineException timeNotMapped() {
    return new PipelineException(
        "TM-PIP-011",
        ExitCode.USAGE,
        "The mapping source.columns.occurred_at is missing",
        "nothing else says when an event happened, and usage is counted by the hour",
        "give a Spark SQL expression, such as occurred_at = \"to_timestamp(TIMESTAMP)\"",
        null);
  }

  /** A reader option that would lose rows or files, or that has a key of its own. */
  public static PipelineException reservedOption(String option) {
    return new PipelineException(
        "TM-PIP-012",
        ExitCode.USAGE,
        "The reader option source.options." + option + " cannot be set",
        "it is set by Tidemark, so that no row and no file is passed over in silence",
        "remove it; files are chosen by source.path, the time zone by source.time-zone",
        null);
  }

  /** JSON that is not in UTF-8. */
  public static PipelineException jsonEncoding() {
    return new PipelineException(
        "TM-PIP-013",
        ExitCode.USAGE,
        "JSON files are read in UTF-8 only",
        "source.options asks for another encoding",
        "remove the option, and convert the files if they are in another encoding",
        null);
  }

  /** Reader options that Spark does not take. */
  public static PipelineException badOptions(String format, Exception cause) {
    return new PipelineException(
        "TM-PIP-014",
        ExitCode.USAGE,
        "The reader options in source.options cannot be used for " + format + " files",
        firstLine(cause),
        "correct the option; Spark's documentation of its " + format + " reader lists them",
        cause);
  }

  /** A folder or file that is not there. */
  public static PipelineException noSuchPath(String location) {
    return new PipelineException(
        "TM-PIP-015",
        ExitCode.USAGE,
        "The path " + location + " in source.path does not exist",
        "there is no such folder or file, or for a glob none above its first wildcard",
        "correct source.path, or create the folder; an empty one is no error",
        null);
  }

  /** A path that no file system understands. */
  public static PipelineException badPath(String location, Exception cause) {
    return new PipelineException(
        "TM-PIP-016",
        ExitCode.USAGE,
        "The path " + location + " in source.path cannot be used",
        firstLine(cause),
        "give a folder, a file or a glob in a file system that Hadoop is set up for, and no colon"
            + " in names",
        cause);
  }

  /** Storage that does not answer, or not to us. */
  public static PipelineException storageUnreachable(String location, Exception cause) {
    return new PipelineException(
        "TM-PIP-017",
        ExitCode.UNREACHABLE,
        "The files at " + location + " cannot be reached",
        firstLine(cause),
        "check that the storage is up and that its files may be read, then run again",
        cause);
  }

  /** A file that cannot be opened; its reason comes from an executor. */
  public static PipelineException unreachableFile(String path, String reason) {
    return new PipelineException(
        "TM-PIP-018",
        ExitCode.UNREACHABLE,
        "The file " + path + " cannot be read",
        reason,
        "check that it is still there and may be read by every executor, then run again",
        null);
  }

  /** A file whose content does not decompress or decode. */
  public static PipelineException damagedFile(String path, String reason) {
    return new PipelineException(
        "TM-PIP-019",
        ExitCode.REFUSED,
        "The file " + path + " is damaged",
        reason,
        "have it delivered again, or take it out of source.path; nothing of this run was landed",
        null);
  }

  /** Files that were taken before and have other content now (EX-10). */
  public static PipelineException changedFiles(List<String> paths) {
    return new PipelineException(
        "TM-PIP-020",
        ExitCode.REFUSED,
        (paths.size() == 1 ? "A file that was taken before has" : paths.size() + " files that were")
            + (paths.size() == 1 ? "" : " taken before have")
            + " changed: "
            + paths.stream().limit(3).collect(Collectors.joining(", "))
            + (paths.size() > 3 ? ", …" : ""),
        "a file is taken once and whole, and its content has another checksum now",
        "put the old content back and deliver what is new under a new name; let senders write under"
            + " a name that begins with _ or . and rename when done",
        null);
  }

  /** A file that changed between its discovery and its reading. */
  public static PipelineException changedWhileReading(String path) {
    return new PipelineException(
        "TM-PIP-021",
        ExitCode.REFUSED,
        "The file " + path + " was changed while the run was reading it",
        "its length or modification time is not what it was a moment ago",
        "run again when the sender is done; let it write under a name that begins with _ or . and"
            + " rename when done",
        null);
  }

  /** A column mapping over a column that no file has. */
  public static PipelineException unknownSourceColumn(
      String column, String expression, String missing, String available, Exception cause) {
    return new PipelineException(
        "TM-PIP-022",
        ExitCode.USAGE,
        "The mapping source.columns." + column + " = \"" + expression + "\" cannot be used",
        "no file has a column " + missing + "; there are " + available,
        "name columns of the source as the files spell them, or check source.options (for csv:"
            + " header, sep)",
        cause);
  }

  /** A column mapping that is not a function of one row. */
  public static PipelineException mappingNotRowByRow(String column, String expression) {
    return new PipelineException(
        "TM-PIP-023",
        ExitCode.USAGE,
        "The mapping source.columns." + column + " = \"" + expression + "\" cannot be used",
        "its value does not follow from one row alone, so that reading a file again could give"
            + " other events",
        "use no random, aggregate, window or row-generating function",
        null);
  }

  private static String withoutSecrets(String jdbcUrl) {
    return jdbcUrl.replaceAll("(?i)(password=)[^&]*", "$1…");
  }

  /** A setting of Spark that cannot be taken from the configuration. */
  public static PipelineException badSparkSetting(String name, String reason, String remedy) {
    return new PipelineException(
        "TM-PIP-041",
        ExitCode.USAGE,
        "The Spark setting " + name + " cannot be used",
        reason,
        remedy,
        null);
  }

  /** A lake that has no table. */
  public static PipelineException noLake(String folder) {
    return new PipelineException(
        "TM-PIP-042",
        ExitCode.USAGE,
        "There is no lake in " + folder,
        "no Delta table lies directly in that folder",
        "run `tidemark demo` or `tidemark job rollup` first, or give the right lake.path with"
            + " --config",
        null);
  }

  /** A file system that does not answer, or refuses. */
  public static PipelineException storageUnreachable(String path, Throwable cause) {
    return new PipelineException(
        "TM-PIP-043",
        ExitCode.UNREACHABLE,
        "The storage of " + path + " cannot be reached",
        firstLine(cause),
        "check lake.path and the rights and credentials for it",
        cause);
  }

  /**
   * A Spark that does not start: a cluster that does not answer; or a master or a setting that
   * Spark cannot read, which is bad configuration.
   */
  public static PipelineException sparkNotStarted(String master, Throwable cause) {
    boolean unreadable =
        cause instanceof IllegalArgumentException
            || firstLine(cause).startsWith("Could not parse Master URL");
    return new PipelineException(
        "TM-PIP-044",
        unreadable ? ExitCode.USAGE : ExitCode.UNREACHABLE,
        "Spark cannot be started on " + master,
        firstLine(cause),
        "check the master and the section spark of the configuration",
        cause);
  }

  /** Recomputed windows that do not hold what their input adds up to. */
  public static PipelineException windowsDiffer(
      int figures, String table, Instant window, String measure, long expected, long actual) {
    return new PipelineException(
        "TM-PIP-050",
        ExitCode.MISMATCH,
        figures + " figures of recomputed windows are not what their input adds up to",
        "the first: "
            + table
            + " has "
            + actual
            + " "
            + measure
            + " in "
            + window
            + " and its input "
            + expected
            + "; somebody has altered the table by hand, or this is a defect of Tidemark",
        "run `tidemark job reconcile --repair`; docs/runbooks/reconciliation.md says what to do if"
            + " it does not help",
        null);
  }

  /** A rollup in which rows stand twice. */
  public static PipelineException rowsDoubled(String table, YearMonth month, Throwable cause) {
    return new PipelineException(
        "TM-PIP-051",
        ExitCode.MISMATCH,
        "The table " + table + " has rows of " + month + " that stand twice",
        "somebody has written to the table by hand",
        "run `tidemark job reconcile --repair`, then start again",
        cause);
  }

  /** A table whose log forgets transaction ids (EX-11). */
  public static PipelineException forgetsTransactions(String table, String property) {
    return new PipelineException(
        "TM-PIP-070",
        ExitCode.USAGE,
        "The table " + table + " of the lake forgets what was landed and rolled up",
        "its property " + property + " is set, so that Delta drops transaction ids after a while",
        "run: tidemark sql -e \"ALTER TABLE "
            + table
            + " UNSET TBLPROPERTIES ('"
            + property
            + "')\"",
        null);
  }

  /** A retention under which running jobs would lose their files. */
  public static PipelineException retentionTooShort(String key, Duration retention) {
    return new PipelineException(
        "TM-PIP-071",
        ExitCode.USAGE,
        "The retention " + key + " = " + retention + " is too short",
        "files would be deleted that running jobs and queries still read",
        "give one hour at least, and longer than any job or query takes; a week is usual",
        null);
  }

  /** A retention under which events would go before they are counted. */
  public static PipelineException eventsRetentionTooShort(String key) {
    return new PipelineException(
        "TM-PIP-072",
        ExitCode.USAGE,
        "The retention " + key + " is too short",
        "events are kept by whole days",
        "give one day at least; leave it out to keep events for ever",
        null);
  }

  /** Summaries that another lake publishes. */
  public static PipelineException summariesOfAnotherLake(
      String database, String other, String own) {
    return new PipelineException(
        "TM-PIP-080",
        ExitCode.REFUSED,
        "usage_summaries of " + database + " are of another lake, " + other,
        "this lake, " + own + ", would put its own numbers in their place",
        "let one lake only publish there (publish.summaries = false for the other), or, if this"
            + " lake is to take over: turn the other off, then DELETE FROM usage_publications",
        null);
  }

  /** Another run has been publishing for long. */
  public static PipelineException publicationBusy(String database, Duration waited) {
    return new PipelineException(
        "TM-PIP-081",
        ExitCode.BUSY,
        "usage_summaries of " + database + " could not be brought up to date",
        waited.isZero()
            ? "another run has published meanwhile"
            : "another run has been at it for " + waited.toSeconds() + " s and longer",
        "nothing is to be done: the next run publishes what this one has not. The rollups"
            + " themselves are done",
        null);
  }

  /** Postgres refused or lost a publication. */
  public static PipelineException publicationFailed(String database, SQLException cause) {
    return new PipelineException(
        "TM-PIP-082",
        ExitCode.PARTIAL,
        "usage_summaries of " + database + " are not up to date: " + firstLine(cause),
        "the rollups themselves are done; windows that were published stay, and are compared again",
        "mend what the message says and run it again: every run publishes what is missing. Nothing"
            + " is published with publish.summaries = false",
        cause);
  }

  /** A backfill of days in which no event can lie. */
  public static PipelineException nothingToBackfill(TimeRange range, TimeRange possible) {
    return new PipelineException(
        "TM-PIP-090",
        ExitCode.USAGE,
        "The range " + range + " cannot be backfilled",
        "events happen between 2000 and now; now ends with " + Micros.toInstant(possible.to()),
        "give a range of the past; times are UTC unless they carry an offset",
        null);
  }

  /** A source that holds nothing of the range. */
  public static PipelineException noHistory(TimeRange range) {
    return new PipelineException(
        "TM-PIP-091",
        ExitCode.USAGE,
        "The source holds no event of " + range,
        "nothing happened then, its events are gone from the source, or they came after the last"
            + " rollup, so that the next one takes them",
        "give a range of which the source still holds events; what the lake has of it stays",
        null);
  }

  /** A backfill while another is at work at the same database. */
  public static PipelineException backfillRuns(Optional<String> holder) {
    return new PipelineException(
        "TM-PIP-092",
        ExitCode.BUSY,
        "Another backfill reads from this database",
        holder.orElse("it has ended this moment"),
        "let it end, or stop it, then start again; one at a time leaves the database to its users",
        null);
  }

  /** A backfill whose time is over. */
  public static PipelineException backfillTimeOver(Duration budget, String progress) {
    return new PipelineException(
        "TM-PIP-093",
        ExitCode.PARTIAL,
        "The backfill has used its time, " + words(budget),
        progress,
        "start it again with the same range: it goes on with the next days",
        null);
  }

  /** A backfill that the source's health has held for too long. */
  public static PipelineException backfillHeld(String reason, String progress) {
    return new PipelineException(
        "TM-PIP-094",
        ExitCode.PARTIAL,
        "The backfill was held longer than governor.longest-hold allows",
        reason + ". " + progress,
        "see what ails the database; then start again with the same range: it goes on with the next"
            + " days",
        null);
  }

  /** A backfill of files of which none has been landed. */
  public static PipelineException nothingLanded(String source) {
    return new PipelineException(
        "TM-PIP-095",
        ExitCode.USAGE,
        "Nothing of " + source + " has been landed, so there is nothing to backfill",
        "a backfill reads files again that a rollup has taken; new files wait for the next rollup",
        "run `tidemark job rollup`",
        null);
  }

  /** A first history whose server is not the one it was. */
  public static PipelineException historyLost() {
    return new PipelineException(
        "TM-PIP-096",
        ExitCode.PARTIAL,
        "The database has lost what the backfill had fixed as its first history",
        "it has failed over to a replica that lagged, or was restored, since the backfill began",
        "start it again: it reads the history anew, and the door lets in what is missing",
        null);
  }

  /** A rollup while a backfill is landing the first history. */
  public static PipelineException firstHistoryRuns(String holder) {
    return new PipelineException(
        "TM-PIP-097",
        ExitCode.BUSY,
        "The first history is being landed by a backfill",
        holder + "; a rollup now would read all of it at once",
        "let the backfill end; the next rollup takes what has come meanwhile",
        null);
  }

  /** A file of quality rules that cannot be read as such. */
  public static PipelineException rulesUnreadable(String file, String reason, Throwable cause) {
    return new PipelineException(
        "TM-PIP-100",
        ExitCode.USAGE,
        "The quality rules in " + file + " cannot be read",
        reason,
        "correct the file, or the key quality.rules that names it; docs/quality.md explains it",
        cause);
  }

  /** A quality rule that is not made as rules are. */
  public static PipelineException badRule(
      String rule, String place, String reason, Throwable cause) {
    return new PipelineException(
        "TM-PIP-101",
        ExitCode.USAGE,
        "The quality rule \"" + rule + "\" cannot be used",
        place + ": " + reason,
        "correct the rule; docs/quality.md lists the keys and what they may be",
        cause);
  }

  /** Two rules of one name. */
  public static PipelineException ruleNameTaken(String rule, String place, String otherPlace) {
    return new PipelineException(
        "TM-PIP-102",
        ExitCode.USAGE,
        "There are two quality rules of the name \"" + rule + "\"",
        place + ", and " + otherPlace,
        "give one of them another name: results and quarantine name the rule alone",
        null);
  }

  /** A condition of a quality rule that Spark does not understand. */
  public static PipelineException badCondition(
      String rule, String place, String condition, String reason, Throwable cause) {
    return new PipelineException(
        "TM-PIP-103",
        ExitCode.USAGE,
        "The condition of the quality rule \"" + rule + "\", " + condition + ", cannot be used",
        place + ": " + reason,
        "give a Spark SQL condition over these columns; docs/quality.md says what they mean",
        cause);
  }

  /** Hours that broke a rule and are held. */
  public static PipelineException windowsHeld(int windows, Instant first, String rules) {
    return new PipelineException(
        "TM-PIP-110",
        ExitCode.REFUSED,
        windows
            + (windows == 1 ? " hour is" : " hours are")
            + " held: readers do not see what broke a rule",
        "the first: " + first + ", by " + rules + "; all other hours are published",
        "look with `tidemark job check`; then correct the source or the rule, or publish an hour as it"
            + " is: `tidemark job check --release "
            + first
            + " --reason TEXT`",
        null);
  }

  /** A rule of severity stop that is broken, where no hour can be held. */
  public static PipelineException stopped(String rule, String detail) {
    return new PipelineException(
        "TM-PIP-111",
        ExitCode.REFUSED,
        "The quality rule \"" + rule + "\" is broken",
        detail,
        "mend what it watches; nothing of the lake is held back by this rule",
        null);
  }

  /** A release of an hour that is not held. */
  public static PipelineException notHeld(Instant window, String held) {
    return new PipelineException(
        "TM-PIP-112",
        ExitCode.USAGE,
        "The hour " + window + " is not held",
        held,
        "give the start of a held hour; `tidemark job check` lists them",
        null);
  }

  /** An endpoint for lineage that is none. */
  public static PipelineException badLineageUrl(String url, Throwable cause) {
    return new PipelineException(
        "TM-PIP-120",
        ExitCode.USAGE,
        "lineage.url = \"" + url + "\" cannot be posted to",
        cause == null ? "it is no http or https URL with a host" : firstLine(cause),
        "give the whole URL, such as http://marquez:5000/api/v1/lineage, or leave it out",
        cause);
  }

  /**
   * A transaction of the source's server that has been open for long (EX-1).
   *
   * @param holder who holds it, for people
   * @param since since when; at least, where Postgres does not show it
   * @param end how to end it, as SQL
   */
  public static PipelineWarning transactionHeld(
      String holder, Instant since, boolean atLeast, String end) {
    return new PipelineWarning(
        "TM-PIP-121",
        "A transaction in Postgres has been open since "
            + since.truncatedTo(ChronoUnit.SECONDS)
            + (atLeast ? " or longer" : ""),
        holder + "; what it wrote is in no rollup yet, and each run looks for it again",
        "have it committed or rolled back by who began it, or end it: "
            + end
            + " (landing.longest-transaction says from when on this is told)");
  }

  /** A run that failed, and no later one of the same command that did not. */
  public static PipelineWarning runFailed(
      String command, String runId, Instant at, String failureCode) {
    return new PipelineWarning(
        "TM-PIP-122",
        "The last " + command + " failed at " + second(at) + " with " + failureCode,
        "the log of run " + runId + " has the cause and the remedy",
        "do as it says, then start it again: it takes up where it stopped");
  }

  /** A run that began and did not end, and no later one of the same command that did. */
  public static PipelineWarning runNotEnded(
      String command, Instant startedAt, String process, boolean killed) {
    return new PipelineWarning(
        "TM-PIP-123",
        "A " + command + " that began at " + second(startedAt) + " has not ended",
        killed
            ? "its process " + process + " is gone: it was killed, or its machine went down"
            : "its process is " + process + ": it is still at work there, or was killed",
        "if it is not at work any more, start " + command + " again: it takes up where it stopped");
  }

  /** Rollups that no run has brought up to date for long. */
  public static PipelineWarning rollupsBehind(Optional<Instant> dataAsOf, Duration most) {
    return new PipelineWarning(
        "TM-PIP-124",
        dataAsOf
            .map(at -> "The rollups are behind: they hold what had arrived at " + second(at))
            .orElse("No run has brought the rollups up to date yet"),
        "no rollup has done its work for longer than status.most-behind = "
            + most.toMinutes()
            + " minutes",
        "see that the scheduler starts `rollup`, and what became of its last runs");
  }

  /** Landed events that are not rolled up. */
  public static PipelineWarning windowsWait(int hours, int days) {
    return new PipelineWarning(
        "TM-PIP-125",
        hours + " hours and " + days + " days do not hold all that was landed",
        "a rollup is at work, or stopped after it had landed events",
        "run `rollup` if none is at work");
  }

  /** A reconciliation that found differences. */
  public static PipelineWarning lastReconciliationDiffers(Instant at) {
    return new PipelineWarning(
        "TM-PIP-126",
        "The last reconciliation, at " + second(at) + ", found differences",
        "reconciliation_results names each window and figure",
        "run `reconcile --repair`; docs/runbooks/reconciliation.md says what may be behind it");
  }

  /** Maintenance that has not been done for long. */
  public static PipelineWarning maintenanceDue(Optional<Instant> last, Duration due) {
    return new PipelineWarning(
        "TM-PIP-127",
        last.map(at -> "The last maintenance ended at " + second(at))
            .orElse("The lake has never been maintained"),
        "that is longer ago than status.maintenance-due = "
            + due.toHours()
            + " hours; small files add up and slow every run down",
        "run `maintain`, once a day is usual; rollups may run meanwhile");
  }

  /** Hours that readers do not see. */
  public static PipelineWarning hoursHeld(long hours) {
    return new PipelineWarning(
        "TM-PIP-128",
        hours + (hours == 1 ? " hour is" : " hours are") + " held back from readers",
        "a quality rule of severity stop is broken there; their days lack them too",
        "look with `tidemark job check`; then mend the events or the rule and run `rollup`, or release"
            + " the hour");
  }

  /** A source that does not answer. */
  public static PipelineWarning sourceOutOfReach(UserFailure failure) {
    return new PipelineWarning(
        "TM-PIP-129",
        "The source cannot be looked at: " + failure.problem() + " (" + failure.code() + ")",
        failure.reason(),
        failure.remedy());
  }

  /** A statement of a lake change set that Spark or Delta refuses. */
  public static PipelineException changeSetFailed(String file, int line, Throwable cause) {
    return new PipelineException(
        "TM-PIP-130",
        ExitCode.PARTIAL,
        "The statement in line " + line + " of " + file + " failed",
        firstLine(cause),
        "mend the cause and run it again: the statements before it are done and not done again",
        cause);
  }

  /** An applied lake change set that was edited afterwards. */
  public static PipelineException lakeChangeSetEdited(String name) {
    return new PipelineException(
        "TM-PIP-131",
        ExitCode.MISMATCH,
        "The lake change set " + name + " is not the one that was applied",
        "its statements were edited after it was applied",
        "take the edit back and put it into a change set of its own",
        null);
  }

  /** A lake change set that nobody tried in this order. */
  public static PipelineException lakeChangeSetLate(String name) {
    return new PipelineException(
        "TM-PIP-132",
        ExitCode.REFUSED,
        "The lake change set " + name + " comes too late",
        "a younger one is applied already, and nobody tried the two in this order",
        "give it a version after the newest",
        null);
  }

  /** A lake from which somebody has taken what this program needs. */
  public static PipelineException lakeRolledBack(String path, String name) {
    return new PipelineException(
        "TM-PIP-133",
        ExitCode.REFUSED,
        "The lake " + path + " was rolled back",
        "this program needs the change set " + name + ", and somebody has rolled it back",
        "use the program of before, or go forward again on purpose: tidemark job lake apply",
        null);
  }

  /** A rollback that would take rows with it. */
  public static PipelineException rowsWouldBeLost(String path, List<String> losses) {
    return new PipelineException(
        "TM-PIP-134",
        ExitCode.REFUSED,
        "The rollback would lose what the lake " + path + " holds",
        "gone would be " + String.join(", ", losses),
        "make a copy of the lake's folder and give --force-data-loss REASON, or leave it",
        null);
  }

  /** A rollback that was begun and not ended. */
  public static PipelineException lakeRollbackUnfinished(String name) {
    return new PipelineException(
        "TM-PIP-135",
        ExitCode.REFUSED,
        "The lake change set " + name + " is rolled back half-way",
        "a rollback was interrupted, or a statement of it failed",
        "end it first: tidemark job lake rollback --last 1",
        null);
  }

  /** Somebody else changes the lake. */
  public static PipelineException lakeBusy(
      String name, String actor, String host, long process, Duration atWork) {
    return new PipelineException(
        "TM-PIP-136",
        ExitCode.BUSY,
        "Somebody is at the lake change set " + name,
        actor + " began it as process " + process + " of " + host + ", and it has not ended",
        "let it end; where that process is gone, its machine knows at once, and others take it for"
            + " gone after "
            + atWork.toMinutes()
            + " minutes",
        null);
  }

  /** A version to go back to that the lake does not have. */
  public static PipelineException noAppliedLakeChangeSet(String path, long version) {
    return new PipelineException(
        "TM-PIP-137",
        ExitCode.USAGE,
        "The change set " + version + " is not applied in the lake " + path,
        "there is nothing to go back to",
        "tidemark job lake status lists the versions; 0 stands for an empty lake",
        null);
  }

  /** A version to go forward to that the program does not have. */
  public static PipelineException unknownLakeChangeSet(long version) {
    return new PipelineException(
        "TM-PIP-138",
        ExitCode.USAGE,
        "There is no lake change set " + version,
        "this program does not have it",
        "tidemark job lake status lists the versions",
        null);
  }

  /** A machine's clock that is not the server's. */
  public static PipelineWarning clocksDiffer(Instant here, Instant server) {
    Duration difference = Duration.between(server, here);
    return new PipelineWarning(
        "TM-PIP-139",
        "The clock of this machine is "
            + words(difference.abs().truncatedTo(ChronoUnit.SECONDS))
            + (difference.isNegative() ? " behind" : " ahead of")
            + " that of Postgres",
        "here it is "
            + second(here)
            + ", there "
            + second(server)
            + "; runs go by that of Postgres",
        "see that both machines keep time by NTP: the times of starts and ends in job_runs are this"
            + " machine's");
  }

  /** A run that says to have seen the future. */
  public static PipelineWarning dataOfTheFuture(Instant dataAsOf) {
    return new PipelineWarning(
        "TM-PIP-140",
        "The rollups are said to hold what arrives until "
            + second(dataAsOf)
            + ", which is to come",
        "the clock of the machine that ran `rollup` is ahead of this one's",
        "see that both machines keep time by NTP; until then data_as_of is not to be relied on");
  }

  /** Requests for erasure where events come from files. */
  public static PipelineException requestsNeedPostgres() {
    return new PipelineException(
        "TM-PIP-141",
        ExitCode.USAGE,
        "There are no requests for erasure to work off",
        "they stand in the Postgres that events come from, and here events come from files",
        "erase by name: tidemark job erase --organization ID [--user ID]",
        null);
  }

  /** A database without the table of requests. */
  public static PipelineException noErasureRequests(String database) {
    return new PipelineException(
        "TM-PIP-142",
        ExitCode.USAGE,
        database + " has no table erasure_requests",
        "its change sets are not applied, or its search path does not lead there",
        "apply them by `tidemark migrate apply`, or erase by name: tidemark job erase"
            + " --organization ID [--user ID]",
        null);
  }

  /** Another process works off the requests. */
  public static PipelineException erasureRequestsBusy(String database) {
    return new PipelineException(
        "TM-PIP-143",
        ExitCode.BUSY,
        "Another process works off the requests for erasure in " + database,
        "one at a time does, and this one began later",
        "nothing is to be done: it takes all that are open",
        null);
  }

  /** Postgres does not let requests be read or marked. */
  public static PipelineException erasureRequestsFailed(String database, SQLException cause) {
    return new PipelineException(
        "TM-PIP-144",
        ExitCode.PARTIAL,
        "The requests for erasure in " + database + " cannot be worked off: " + firstLine(cause),
        "Postgres refused a statement, or the connection was lost; a request that is running was"
            + " begun, and may have been carried out",
        "mend what the message says and run it again: erasing twice is harmless. The role needs"
            + " what tidemark_extraction may do (`tidemark migrate apply`)",
        cause);
  }

  /** A request that somebody else has marked while it was worked at. */
  public static PipelineException erasureRequestTaken(UUID request) {
    return new PipelineException(
        "TM-PIP-145",
        ExitCode.PARTIAL,
        "The request for erasure " + request + " was marked by somebody else in the middle",
        "its status is no longer the one that this process has set",
        "look at it in erasure_requests, and leave statuses to the job while it runs; then run it"
            + " again",
        null);
  }

  /** Requests that could not be carried out. */
  public static PipelineException erasuresFailed(int failed, int of, String firstReason) {
    return new PipelineException(
        "TM-PIP-146",
        ExitCode.PARTIAL,
        failed + " of " + of + " requests for erasure failed",
        "the first: " + firstReason,
        "mend it and run it again: failed requests stay open, and failure_reason tells of each",
        null);
  }

  private static Instant second(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS);
  }

  private static String words(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage())
        .lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse("unknown");
  }
}
