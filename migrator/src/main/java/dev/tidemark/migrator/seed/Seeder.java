package dev.tidemark.migrator.seed;

import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.operation.Recording;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.secrecy.SecretKeys;
import dev.tidemark.migrator.state.OperationKind;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Fills a database with development data. What is there already stays as it is; what is missing is
 * added. Killed anywhere and run again, it ends in the same state.
 */
public final class Seeder {
  private final Database database;
  private final SecretKeys keys;
  private final SeedSettings settings;
  private final SeedObserver observer;
  private final Recording recording;

  private Seeder(
      Database database,
      SecretKeys keys,
      SeedSettings settings,
      SeedObserver observer,
      Recording recording) {
    this.database = database;
    this.keys = keys;
    this.settings = settings;
    this.observer = observer;
    this.recording = recording;
  }

  /**
   * A seeder of a database.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if the settings do not allow it
   */
  public static Seeder of(Database database, SecretKeys keys, SeedSettings settings) {
    if (!settings.allowed()) {
      throw MigratorFailures.seedingNotAllowed(database.address());
    }
    return new Seeder(database, keys, settings, line -> {}, Recording.NONE);
  }

  /** The same, which tells how far it is. */
  public Seeder observedBy(SeedObserver newObserver) {
    return new Seeder(database, keys, settings, newObserver, recording);
  }

  /** The same, which leaves a record of what it does. */
  public Seeder recordedBy(Recording newRecording) {
    return new Seeder(database, keys, settings, observer, newRecording);
  }

  /**
   * Adds the sample organizations with everything that belongs to them, in one transaction.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if the schema is not there, another
   *     operation is at work, or a row that is not the seed's is in the way
   */
  public SeedResult seed() {
    DevelopmentSecrets secrets = new DevelopmentSecrets(settings.secret());
    SampleData data = new SampleData(keys, secrets, observer);
    Instant until = settings.until().orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.HOURS));
    return recording.perform(database, OperationKind.SEED, () -> seed(data, until));
  }

  private SeedResult seed(SampleData data, Instant until) {
    try (SeedConnection connection = SeedConnection.open(database)) {
      long rows = data.insert(connection, until);
      return new SeedResult(rows, SeedFile.rows("organizations.csv").size(), data.credentials());
    } catch (SQLException e) {
      throw SeedConnection.failure(database, e);
    }
  }

  /**
   * Adds organizations for load tests, each with a workspace, an owner, a service account with an
   * API key, and a budget; some thousands in a transaction.
   *
   * @param organizations how many there are to be in the end
   * @throws dev.tidemark.migrator.failure.MigratorException as {@link #seed}
   */
  public SeedResult scale(long organizations) {
    ScaleData data = new ScaleData(keys, new DevelopmentSecrets(settings.secret()), observer);
    return recording.perform(database, OperationKind.SEED, () -> scale(data, organizations));
  }

  private SeedResult scale(ScaleData data, long organizations) {
    try (SeedConnection connection = SeedConnection.open(database)) {
      return data.insert(connection, organizations);
    } catch (SQLException e) {
      throw SeedConnection.failure(database, e);
    }
  }
}
