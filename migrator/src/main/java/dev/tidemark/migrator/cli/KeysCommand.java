package dev.tidemark.migrator.cli;

import com.typesafe.config.Config;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Progress;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.operation.Recording;
import dev.tidemark.migrator.postgres.DatabaseLease;
import dev.tidemark.migrator.postgres.Databases;
import dev.tidemark.migrator.rotation.KeyRotation;
import dev.tidemark.migrator.rotation.RotationOptions;
import dev.tidemark.migrator.rotation.RotationResult;
import dev.tidemark.migrator.secrecy.KeyChange;
import dev.tidemark.migrator.secrecy.SecretKeys;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code migrate keys …}: the keys of sensitive values. */
@Command(
    name = "keys",
    description = "The keys of sensitive values; docs/sensitive-values.md has the runbook")
final class KeysCommand {
  private KeysCommand() {}

  static CommandLine create(Console console) {
    return new CommandLine(new KeysCommand())
        .addSubcommand(new New(console))
        .addSubcommand(new Add(console))
        .addSubcommand(new Promote(console))
        .addSubcommand(new Rotate(console))
        .addSubcommand(new Remove(console));
  }

  @Command(name = "new", description = "Make keys for a database that has no sensitive values yet")
  private static final class New implements Callable<Integer> {
    private final Console console;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "a new file for them, readable by its owner only; else they are printed")
    private Optional<Path> file = Optional.empty();

    private New(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      console.show(new KeyChangeReport("New keys", KeyChange.create(file)));
      return ExitCode.DONE.number();
    }
  }

  @Command(
      name = "add",
      description =
          "Add an encryption key: to the key file, or printed if the keys come from the environment")
  private static final class Add implements Callable<Integer> {
    private final Console console;

    @Option(
        names = "--primary",
        description = "encrypt with it at once; for installations where one process has the keys")
    private boolean primary;

    private Add(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      KeyChange change =
          primary ? KeyChange.addPrimary(console.config()) : KeyChange.add(console.config());
      console.show(new KeyChangeReport("A key was added", change));
      return ExitCode.DONE.number();
    }
  }

  @Command(name = "promote", description = "Let another key of the keyset encrypt from now on")
  private static final class Promote implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "KEY", description = "its id")
    private String keyId;

    private Promote(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      KeyChange change = KeyChange.promote(console.config(), keyId);
      console.show(new KeyChangeReport("Key " + keyId + " encrypts from now on", change));
      return ExitCode.DONE.number();
    }
  }

  @Command(
      name = "rotate",
      description =
          "Encrypt every sensitive value with the primary key; run it again if it was stopped")
  @Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE, ExitCode.BUSY, ExitCode.MISMATCH})
  private static final class Rotate implements Callable<Integer> {
    private final Console console;

    @Option(
        names = "--email-hash",
        description =
            "hash e-mail addresses anew too: from EMAIL_HASH_KEY_PREVIOUS to EMAIL_HASH_KEY")
    private boolean emailHash;

    @Option(names = "--compromised", description = "log that an old key had leaked")
    private boolean compromised;

    @Option(names = "--dry-run", description = "count what would be done, and change nothing")
    private boolean dryRun;

    private Rotate(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      Config config = console.config();
      console.show(new RotationReport(rotate(config, SecretKeys.of(config))));
      return ExitCode.DONE.number();
    }

    private RotationResult rotate(Config config, SecretKeys keys) {
      try (DatabaseLease lease = Databases.open(config);
          Progress progress = console.progress()) {
        return KeyRotation.of(lease.database(), keys)
            .observedBy(progress::update)
            .recordedBy(Recording.of(config))
            .rotate(new RotationOptions(emailHash, compromised, dryRun));
      }
    }
  }

  @Command(name = "remove", description = "Take a key that encrypts no value any more away")
  @Exits({ExitCode.REFUSED, ExitCode.UNREACHABLE})
  private static final class Remove implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "KEY", description = "its id")
    private String keyId;

    private Remove(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      SecretKeys keys = SecretKeys.of(console.config());
      try (DatabaseLease lease = Databases.open(console.config())) {
        KeyRotation.of(lease.database(), keys).refuseKeyInUse(keyId);
      }
      KeyChange change = KeyChange.remove(console.config(), keyId);
      console.show(new KeyChangeReport("Key " + keyId + " was removed", change));
      return ExitCode.DONE.number();
    }
  }
}
