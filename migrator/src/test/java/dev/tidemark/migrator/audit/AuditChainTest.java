package dev.tidemark.migrator.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.migrator.audit.AuditVerdict.Finding;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.secrecy.AuditKey;
import dev.tidemark.migrator.secrecy.AuditKeys;
import dev.tidemark.migrator.secrecy.SecretKeys;
import dev.tidemark.migrator.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditChainTest {
  private static final AuditKeys OLD = keys(fresh(), "");
  private static final String NEW_TEXT = fresh();
  private static final AuditKeys NEW = keys(NEW_TEXT, "");
  private static final AuditKeys BOTH =
      new AuditKeys(NEW.current(), List.of(OLD.current().orElseThrow()));

  private final List<AuditEntry> entries = new ArrayList<>();
  private final List<HeadLine> head = new ArrayList<>();

  @Test
  void aSignatureIsHmacSha256OfTheFieldsWithTheirLengths() throws Exception {
    byte[] secret = new byte[32];
    secret[0] = 1;
    AuditKeys keys = keys(HexFormat.of().formatHex(secret), "");
    AuditEntry entry =
        AuditEntry.signed(
            7,
            new AuditEntry.Facts(
                "i", "b", "", "ä", null, "r", "", "", "t", "a", "d", "h", "1", "v"),
            "p",
            keys.current().orElseThrow());
    String id = keys.current().orElseThrow().id();
    String bytes =
        "00000016"
            + hex("tidemark audit entry 1")
            + "0000000000000007"
            + "00000001"
            + hex("i")
            + "00000001"
            + hex("b")
            + "00000000"
            + "00000002"
            + "c3a4"
            + "ffffffff"
            + "00000001"
            + hex("r")
            + "00000000"
            + "00000000"
            + "00000001"
            + hex("t")
            + "00000001"
            + hex("a")
            + "00000001"
            + hex("d")
            + "00000001"
            + hex("h")
            + "00000001"
            + hex("1")
            + "00000001"
            + hex("v")
            + "0000000c"
            + hex(id)
            + "00000001"
            + hex("p");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    assertThat(entry.hash())
        .isEqualTo(HexFormat.of().formatHex(mac.doFinal(HexFormat.of().parseHex(bytes))));
  }

  @Test
  void everyEntryThatIsTakenAwayIsNamed() {
    grow(6, OLD);
    assertThat(judge(OLD)).isEmpty();
    for (int i = 0; i < 6; i++) {
      List<AuditEntry> without = new ArrayList<>(entries);
      without.remove(i);
      assertThat(AuditChain.judge(without, head, OLD)).hasSize(1);
      assertThat(AuditChain.judge(without, head, OLD).get(0).entry()).isEqualTo(i + 1);
    }
    assertThat(AuditChain.judge(entries.subList(0, 2), head, OLD))
        .singleElement()
        .hasToString(
            "Finding[entry=3, what=was cut off, and what came after it: the head knows entry 6,"
                + " accepted=false]");
    assertThat(AuditChain.judge(entries.subList(3, 6), head, OLD).get(0).what())
        .isEqualTo("is missing, and so are those up to 3");
  }

  @Test
  void whatIsCutOffStaysKnownWhenOthersAreAddedInItsPlace() {
    grow(6, OLD);
    entries.subList(3, 6).clear();
    grow(4, OLD);
    assertThat(judge(OLD)).extracting(Finding::entry).containsExactly(4L, 5L, 6L);
  }

  @Test
  void entriesOfAnotherPastDoNotFit() {
    grow(3, OLD);
    AuditEntry once = entries.remove(2);
    head.remove(2);
    entries.remove(1);
    head.remove(1);
    add(AuditEntry.ENDED, "another second one", OLD);
    entries.add(once);
    assertThat(judge(OLD))
        .containsExactly(new Finding(3, "follows another entry than the one before it", false));
  }

  @Test
  void aHeadMayLagAndMustNotBeMissing() {
    grow(3, OLD);
    head.remove(2);
    assertThat(judge(OLD)).isEmpty();
    head.clear();
    assertThat(judge(OLD)).extracting(Finding::entry).containsExactly(3L);
    assertThat(AuditChain.judge(List.of(), head, OLD)).isEmpty();
  }

  @Test
  void aKeyIsFollowedOnlyByOneThatItAllows() {
    grow(2, OLD);
    add(AuditEntry.KEY, NEW.current().orElseThrow().id(), OLD);
    grow(2, NEW);
    assertThat(judge(BOTH)).isEmpty();
    assertThat(judge(NEW)).extracting(Finding::entry).containsExactly(1L, 2L, 3L);

    entries.clear();
    head.clear();
    grow(2, OLD);
    grow(2, NEW);
    assertThat(judge(BOTH)).extracting(Finding::entry).containsExactly(3L);
    assertThat(judge(BOTH).get(0).what()).contains("did not allow");

    entries.clear();
    head.clear();
    // That an entry names the key is not enough.
    add(AuditEntry.BEGUN, NEW.current().orElseThrow().id(), OLD);
    grow(1, NEW);
    assertThat(judge(BOTH)).extracting(Finding::entry).containsExactly(2L);
  }

  @Test
  void whatIsAcceptedStaysAsItIs() {
    grow(5, OLD);
    entries.remove(4);
    entries.remove(1);
    add(AuditEntry.ACCEPTED, AuditChain.digestOf(entries), OLD);
    head.set(4, new HeadLine(5, "f".repeat(64)));
    assertThat(judge(OLD)).isNotEmpty().allMatch(Finding::accepted);
    grow(2, OLD);
    assertThat(judge(OLD)).allMatch(Finding::accepted);

    AuditEntry first = entries.get(0);
    entries.set(
        0,
        new AuditEntry(
            first.number(), first.facts(), first.keyId(), first.previous(), "e".repeat(64)));
    assertThat(judge(OLD)).anyMatch(finding -> !finding.accepted());
    entries.set(0, first);
    assertThat(judge(OLD)).allMatch(Finding::accepted);

    entries.remove(0);
    assertThat(judge(OLD)).anyMatch(finding -> !finding.accepted());
  }

  @Test
  void aHeadIsReadUpToItsLastWholeLine(@TempDir Path folder) throws Exception {
    HeadFile file = new HeadFile(folder.resolve("new/1-2.head"));
    assertThat(file.read()).isEmpty();
    HeadLine first = new HeadLine(1, "a".repeat(64));
    HeadLine second = new HeadLine(2, "b".repeat(64));
    file.append(first);
    Files.writeString(file.path(), first + "\n" + second.toString().substring(0, 20));
    assertThat(file.read()).containsExactly(first);
    file.append(second);
    assertThat(Files.readString(file.path())).isEqualTo(first + "\n" + second + "\n");

    IntStream.range(3, 103)
        .parallel()
        .forEach(
            number -> {
              try {
                file.append(new HeadLine(number, "c".repeat(64)));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    assertThat(file.read()).hasSize(102).doesNotHaveDuplicates();
    Files.writeString(file.path(), "3 abc\n");
    assertThatThrownBy(file::read)
        .isInstanceOf(MigratorException.class)
        .hasMessageContaining("line 1 is not a number and a hash");
  }

  @Test
  void aKeyOfItsOwnIsMadeOnceAndForItsOwnerOnly(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("audit/key");
    AuditKeys none = new AuditKeys(Optional.empty(), List.of());
    assertThat(none.orKeptIn(file).all()).isEmpty();
    AuditKey made = none.orMadeIn(file).current().orElseThrow();
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    assertThat(none.orMadeIn(file).current().orElseThrow().id()).isEqualTo(made.id());
    assertThat(NEW.orMadeIn(file).current()).isEqualTo(NEW.current());
    assertThat(Files.list(file.getParent())).containsExactly(file);
    assertThat(made.toString()).isEqualTo("audit key " + made.id());
  }

  private List<Finding> judge(AuditKeys keys) {
    return AuditChain.judge(entries, head, keys);
  }

  private void grow(int count, AuditKeys keys) {
    for (int i = 0; i < count; i++) {
      add(AuditEntry.BEGUN, "payload " + i + " of " + count, keys);
    }
  }

  private void add(String stage, String payload, AuditKeys keys) {
    AuditEntry last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
    AuditEntry entry =
        AuditEntry.signed(
            last == null ? 1 : last.number() + 1,
            new AuditEntry.Facts(
                "id", stage, "apply", "", payload, null, null, null, "t", "a", "r", "h", "1", "v"),
            last == null ? AuditEntry.GENESIS : last.hash(),
            keys.current().orElseThrow());
    entries.add(entry);
    head.add(HeadLine.of(entry));
  }

  private static AuditKeys keys(String current, String previous) {
    return AuditKeys.given(
        Settings.parse(
            "secrecy { audit-key = \"%s\", audit-key-previous = \"%s\" }"
                .formatted(current, previous)));
  }

  private static String fresh() {
    return SecretKeys.fresh().get("TIDEMARK_AUDIT_KEY");
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
