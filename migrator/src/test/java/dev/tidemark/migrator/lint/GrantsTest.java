package dev.tidemark.migrator.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.migrator.trace.CatalogueObject;
import dev.tidemark.migrator.trace.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrantsTest {
  @Test
  void everybodyIsWhoeverStandsBeforeNoEqualsSign() {
    Grants before = grants(Kind.TABLE, "{owner=arwdDxt/owner,alice=r/owner}");
    Grants after = grants(Kind.TABLE, "{owner=arwdDxt/owner,alice=r/owner,=r/owner}");

    assertThat(after.widerForEverybody(before)).isTrue();
    assertThat(before.widerForEverybody(after)).isFalse();
  }

  @Test
  void whatPostgresGivesByItselfIsNoGrant() {
    Grants before = Grants.of(object(Kind.FUNCTION, Map.of()));
    Grants spelledOut = grants(Kind.FUNCTION, "{=X/owner,owner=X/owner,alice=X/owner}");

    assertThat(spelledOut.widerForEverybody(before)).isFalse();
    assertThat(grants(Kind.TABLE, "{=X/owner}").widerForEverybody(Grants.ofNew(Kind.TABLE)))
        .isTrue();
  }

  @Test
  void whoLosesARightIsNamedButTheOwnerIsNot() {
    Grants before = grants(Kind.TABLE, "{owner=arw/owner,\"odd role\"=ar*/owner}");
    Grants after = grants(Kind.TABLE, "{owner=r/owner,\"odd role\"=r/owner}");

    assertThat(after.narrowed(before, "owner")).contains("odd role");
    assertThat(before.narrowed(before, "owner")).isEmpty();
    assertThat(before.narrowed(after, "owner")).isEmpty();
  }

  private static Grants grants(Kind kind, String text) {
    return Grants.of(object(kind, Map.of("grants", text)));
  }

  private static CatalogueObject object(Kind kind, Map<String, String> attributes) {
    return new CatalogueObject(new CatalogueObject.Identity(kind, 1, 0), 0, "thing", attributes);
  }
}
