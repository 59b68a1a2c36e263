package dev.tidemark.migrator.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.failure.ExitCode;
import dev.tidemark.migrator.failure.UserFailure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class CommandRunnerTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console = new Console(printer(out), printer(err), false);

  @Test
  void aResultIsTextOnStandardOutput() {
    assertThat(run("work")).isEqualTo(0);

    assertThat(stdout()).isEqualTo("three things done\n");
    assertThat(stderr()).isEqualTo("working\n");
  }

  @Test
  void withJsonStandardOutputIsOneDocumentOnOneLine() {
    assertThat(run("work", "--json")).isEqualTo(0);

    assertThat(stdout()).isEqualTo("{\"things\":3}\n");
  }

  @Test
  void globalOptionsAreTakenBeforeTheSubcommandToo() {
    assertThat(run("--json", "work")).isEqualTo(0);

    assertThat(stdout()).isEqualTo("{\"things\":3}\n");
  }

  @Test
  void aUsersFailureIsThreeLinesOnStandardErrorAndItsOwnExitCode() {
    assertThat(run("work", "--json", "--fail=user")).isEqualTo(5);

    assertThat(stdout()).isEmpty();
    assertThat(stderr())
        .isEqualTo(
            """
            working
            TM-TST-001: The lake is occupied
              Cause:  a swan
              Remedy: wait
            """);
  }

  @Test
  void aUsersFailureIsFoundInsideWhatALibraryWrapsAroundIt() {
    assertThat(run("work", "--fail=wrapped")).isEqualTo(5);

    assertThat(stderr()).contains("TM-TST-001").doesNotContain("defect");
  }

  @Test
  void anythingElseIsADefectOfOursWithoutAStackTrace() {
    assertThat(run("work", "--fail=exception")).isEqualTo(1);
    assertThat(stderr()).contains("defect of ours", "boom").doesNotContain("\tat ");

    assertThat(run("work", "--fail=error")).isEqualTo(1);
    assertThat(stderr()).contains("StackOverflowError");
  }

  @Test
  void verboseAddsTheStackTrace() {
    assertThat(run("work", "--fail=exception", "--verbose")).isEqualTo(1);

    assertThat(stderr()).contains("\tat " + Work.class.getName());
  }

  @Test
  void anUnknownOptionIsBadUsage() {
    assertThat(run("work", "--fial=user")).isEqualTo(2);

    assertThat(stdout()).isEmpty();
    assertThat(stderr()).contains("--fial", "tool work --help");
  }

  @Test
  void aMistypedSubcommandIsBadUsageAndGetsTheLikelyName() {
    assertThat(run("wrk")).isEqualTo(2);

    assertThat(stderr()).contains("did you mean work?");
  }

  @Test
  void aMissingSubcommandIsBadUsage() {
    assertThat(run()).isEqualTo(2);
  }

  @Test
  void aMissingConfigurationFileIsBadUsage() {
    assertThat(run("work", "--fail=config", "--config", "/none.conf")).isEqualTo(2);

    assertThat(stderr()).contains("/none.conf");
  }

  @Test
  void helpListsTheExitCodesThatTheCommandCanGive() {
    assertThat(run("work", "--help")).isEqualTo(0);

    assertThat(stdout())
        .containsPattern("0 +done")
        .containsPattern("5 +busy")
        .containsPattern("130 +interrupted")
        .doesNotContainPattern("6 +a mismatch")
        .contains("--config", "--json", "--verbose");
  }

  private int run(String... arguments) {
    CommandLine tool = new CommandLine(new Tool()).addSubcommand(new Work(console));
    return CommandRunner.run(console, tool, arguments);
  }

  private String stdout() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String stderr() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream printer(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @Command(name = "tool")
  private static final class Tool {}

  @Command(name = "work")
  @Exits(ExitCode.BUSY)
  private static final class Work implements Callable<Integer> {
    private final Console console;

    @Option(names = "--fail")
    private String fail = "never";

    private Work(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      console.note("working");
      switch (fail) {
        case "user" -> throw new Occupied();
        case "wrapped" -> throw new IllegalStateException("a library's", new Occupied());
        case "exception" -> throw new IllegalArgumentException("boom");
        case "error" -> throw new StackOverflowError();
        case "config" -> console.config();
        default -> console.show(new Things(3));
      }
      return ExitCode.DONE.number();
    }
  }

  private record Things(int count) implements Result {
    @Override
    public String text() {
      return (count == 3 ? "three" : count) + " things done";
    }

    @Override
    public Object json() {
      return Map.of("things", count);
    }
  }

  private static final class Occupied extends UserFailure {
    private static final long serialVersionUID = 1L;

    private Occupied() {
      super("TM-TST-001", ExitCode.BUSY, "The lake is occupied", "a swan", "wait", null);
    }
  }
}
