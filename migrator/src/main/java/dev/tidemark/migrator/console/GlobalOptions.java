package dev.tidemark.migrator.console;

import com.typesafe.config.Config;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. */
@Command
public final class GlobalOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "HOCON file that lies over the built-in defaults")
  private Path config;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "the result as one JSON document on one line")
  private boolean json;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "more on stderr, stack traces of failures included")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "show this text")
  private boolean help;

  GlobalOptions() {}

  /**
   * The configuration which the command runs with.
   *
   * @throws dev.tidemark.migrator.settings.SettingsException if it cannot be used
   */
  public Config config() {
    return Settings.load(configFile());
  }

  /** The file given with {@code --config}. */
  public Optional<Path> configFile() {
    return Optional.ofNullable(config);
  }

  /** Whether the result is wanted as one JSON document. */
  public boolean json() {
    return json;
  }

  /** Whether stack traces are wanted. */
  public boolean verbose() {
    return verbose;
  }
}
