package dev.tidemark.migrator.postgres;

import dev.tidemark.migrator.failure.MigratorFailures;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The laptop's Postgres, shared by all processes that name the same home: the first starts it, the
 * last stops it, unless it was told to stay.
 *
 * <p>Both are known by locks of the operating system, which end with the process that holds them,
 * however it ends: a shared lock on {@code users.lock} for as long as a process uses the server,
 * and an exclusive one on {@code transition.lock} while the server is started or stopped. A server
 * whose users were all killed stays up; the next command adopts it, and stops it when it leaves.
 */
final class SharedServer {
  private static final Map<Path, SharedServer> SERVERS = new HashMap<>();

  private final Path folder;
  private final LocalServer server;
  private int users;
  private FileChannel usersChannel;
  private FileLock usersLock;

  private SharedServer(Path folder) {
    this.folder = folder;
    this.server = new LocalServer(folder, folder.resolve("programs"), Map.of());
  }

  /** Where the server of a home lives. */
  static Path folder(Path home) {
    return home.toAbsolutePath().normalize().resolve("postgres");
  }

  /** Uses the server until the lease is closed, or the process ends. */
  static DatabaseLease lease(Path home) {
    synchronized (SERVERS) {
      SharedServer shared = of(home);
      shared.join();
      return shared.new Lease(shared.server.database());
    }
  }

  /** The server's database, if it is up. */
  static Optional<Database> running(Path home) {
    synchronized (SERVERS) {
      SharedServer shared = of(home);
      return shared.server.isRunning() ? Optional.of(shared.server.database()) : Optional.empty();
    }
  }

  /** Starts the server, and tells it to stay when nobody uses it. */
  static Database start(Path home) {
    try (DatabaseLease lease = lease(home)) {
      Files.writeString(of(home).stayFile(), "");
      return lease.database();
    } catch (IOException e) {
      throw MigratorFailures.localServerFailed(folder(home), e.toString(), e);
    }
  }

  /**
   * Lets a server go that was told to stay.
   *
   * @return whether it is down now; if not, other commands use it and the last will stop it
   */
  static boolean stop(Path home) {
    synchronized (SERVERS) {
      SharedServer shared = of(home);
      if (Files.isDirectory(shared.folder)) {
        shared.transition(
            () -> {
              Files.deleteIfExists(shared.stayFile());
              if (shared.users == 0) {
                try (FileChannel channel = shared.open("users.lock")) {
                  shared.stopIfUnused(channel);
                }
              }
            });
      }
      return !shared.server.isRunning();
    }
  }

  private static SharedServer of(Path home) {
    synchronized (SERVERS) {
      if (SERVERS.isEmpty()) {
        Runtime.getRuntime().addShutdownHook(new Thread(SharedServer::leaveAll, "postgres-leave"));
      }
      return SERVERS.computeIfAbsent(folder(home), SharedServer::new);
    }
  }

  private static void leaveAll() {
    synchronized (SERVERS) {
      for (SharedServer shared : SERVERS.values()) {
        if (shared.users > 0) {
          shared.users = 1;
          shared.leave();
        }
      }
    }
  }

  private void join() {
    if (users == 0) {
      transition(
          () -> {
            usersChannel = open("users.lock");
            try {
              usersLock = usersChannel.lock(0, Long.MAX_VALUE, true);
              server.start();
            } catch (IOException | RuntimeException e) {
              usersChannel.close();
              throw e;
            }
          });
    }
    users++;
  }

  private void leave() {
    users--;
    if (users == 0) {
      transition(
          () -> {
            try (FileChannel channel = usersChannel) {
              usersLock.release();
              stopIfUnused(channel);
            }
          });
    }
  }

  private void stopIfUnused(FileChannel channel) throws IOException {
    if (channel.tryLock() != null && !Files.exists(stayFile())) {
      server.stop(LocalServer.StopMode.FAST);
    }
  }

  /** One process at a time starts or stops the server; the others wait. */
  private void transition(Transition transition) {
    try {
      PostgresBinaries.makeFolder(folder);
      try (FileChannel channel = open("transition.lock")) {
        // Closing the channel unlocks.
        channel.lock();
        transition.run();
      }
    } catch (IOException e) {
      throw MigratorFailures.localServerFailed(folder, e.toString(), e);
    }
  }

  private interface Transition {
    void run() throws IOException;
  }

  private FileChannel open(String name) throws IOException {
    return FileChannel.open(
        folder.resolve(name),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  private Path stayFile() {
    return folder.resolve("stay");
  }

  private final class Lease implements DatabaseLease {
    private final Database database;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Lease(Database database) {
      this.database = database;
    }

    @Override
    public Database database() {
      return database;
    }

    @Override
    public void close() {
      if (!closed.getAndSet(true)) {
        synchronized (SERVERS) {
          if (users > 0) {
            leave();
          }
        }
      }
    }
  }
}
