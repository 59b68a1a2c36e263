package dev.tidemark.migrator.cli;

import dev.tidemark.migrator.console.Console;
import dev.tidemark.migrator.console.Exits;
import dev.tidemark.migrator.console.Result;
import dev.tidemark.migrator.docs.SchemaDocs;
import dev.tidemark.migrator.docs.SchemaDocs.Stale;
import dev.tidemark.migrator.failure.ExitCode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code migrate docs generate|check}: dictionary, diagrams and changelog of the schema. */
@Command(name = "docs", description = "Documents generated from what the change sets make")
final class DocsCommand {
  private static final String FOLDER = "db/docs";

  private DocsCommand() {}

  static CommandLine create(Console console) {
    return new CommandLine(new DocsCommand())
        .addSubcommand(new Generate(console))
        .addSubcommand(new Check(console));
  }

  @Command(name = "generate", description = "Write the documents that are not up to date")
  @Exits(ExitCode.UNREACHABLE)
  private static final class Generate implements Callable<Integer> {
    private final Console console;

    @Option(
        names = "--to",
        paramLabel = "DIR",
        defaultValue = FOLDER,
        description = "the folder to write to (default: ${DEFAULT-VALUE})")
    private Path folder;

    private Generate(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      List<Stale> stale = SchemaDocs.of(console.config()).write(folder);
      console.show(new DocsReport("written", folder, stale));
      return ExitCode.DONE.number();
    }
  }

  @Command(name = "check", description = "Name the documents that are not up to date")
  @Exits({ExitCode.UNREACHABLE, ExitCode.MISMATCH})
  private static final class Check implements Callable<Integer> {
    private final Console console;

    @Option(
        names = "--in",
        paramLabel = "DIR",
        defaultValue = FOLDER,
        description = "the folder to look at (default: ${DEFAULT-VALUE})")
    private Path folder;

    private Check(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      List<Stale> stale = SchemaDocs.of(console.config()).stale(folder);
      console.show(new DocsReport("stale", folder, stale));
      return (stale.isEmpty() ? ExitCode.DONE : ExitCode.MISMATCH).number();
    }
  }

  private record DocsReport(String word, Path folder, List<Stale> documents) implements Result {
    @Override
    public String text() {
      if (documents.isEmpty()) {
        return "The documents in %s are up to date.".formatted(folder);
      }
      String files =
          documents.stream()
              .map(stale -> "%s  %s %s".formatted(word, stale.file(), stale.reason()))
              .collect(Collectors.joining("\n"));
      return word.equals("stale")
          ? files + "\n\n`tidemark migrate docs generate` brings them up to date."
          : files
              .replaceAll("(?m) (is missing|is not what .*)$", "")
              .replaceAll("(?m)^written (.*) is not generated any more$", "deleted $1");
    }

    @Override
    public Object json() {
      List<Map<String, Object>> files = documents.stream().map(DocsReport::json).toList();
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("folder", folder.toString());
      json.put(word, files);
      return json;
    }

    private static Map<String, Object> json(Stale stale) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("file", stale.file());
      json.put("reason", stale.reason());
      return json;
    }
  }
}
