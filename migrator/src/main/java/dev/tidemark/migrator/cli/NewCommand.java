package dev.tidemark.migrator.cli;

import com.typesafe.config.Config;
import dev.tidemark.migrator.changeset.Scaffold;
import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.operation.MigratorSettings;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code migrate new}: a change set to fill in. */
@Command(name = "new", description = "Make the folder of a new change set, to be filled in")
final class NewCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "DESCRIPTION",
      description = "small letters, digits and underscores, such as add_note_to_orders")
  private String description;

  NewCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Config config = console.config();
    Path folder =
        Path.of(Settings.optionalText(config, "migrate.change-sets").orElse("db/operational"));
    String author = MigratorSettings.of(config).actor();
    console.show(new NewReport(Scaffold.make(folder, description, author, Instant.now())));
    return ExitCode.DONE.number();
  }
}
