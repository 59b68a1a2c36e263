package dev.tidemark.migrator.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.postgres.Database;
import dev.tidemark.migrator.testing.PostgresExtension;
import dev.tidemark.migrator.testing.Sql;
import dev.tidemark.migrator.trace.Trace;
import dev.tidemark.migrator.trace.Tracer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LintRulesIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static Database database;
  private static int majorVersion;

  @BeforeAll
  static void makeDatabase() throws SQLException {
    database = POSTGRES.newDatabase();
    majorVersion = Integer.parseInt(Sql.value(database, "SHOW server_version_num")) / 10_000;
  }

  @AfterAll
  static void dropRoles() throws SQLException {
    for (String role : List.of("lint_case_owner", "lint_case_manager", "lint_case_reader")) {
      Sql.execute(
          database,
          """
          DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN
              GRANT %1$s TO CURRENT_USER;
              DROP OWNED BY %1$s;
              DROP ROLE %1$s;
            END IF;
          END $$"""
              .formatted(role));
    }
  }

  static List<LintCase> cases() {
    return LintCase.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void everyRuleFiresAndLeavesTheNearMissAlone(LintCase one) throws SQLException {
    assumeTrue(one.runsOn(majorVersion));
    dropRoles();

    List<Finding> findings = lint(one);

    if (one.bad()) {
      assertThat(findings).extracting(Finding::rule).contains(one.rule());
    } else {
      assertThat(findings).extracting(Finding::rule).doesNotContain(one.rule());
      if (!one.options().contains("errors")) {
        assertThat(findings).filteredOn(finding -> finding.level() == Level.ERROR).isEmpty();
      }
    }
  }

  @Test
  void everyRuleHasACaseThatFiresAndANearMiss() {
    Map<Boolean, List<String>> rules =
        cases().stream()
            .collect(
                Collectors.partitioningBy(
                    LintCase::bad, Collectors.mapping(LintCase::rule, Collectors.toList())));
    List<String> all = Rules.all().stream().map(Rule::id).toList();

    assertThat(all).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(rules.get(true))).isEqualTo(new TreeSet<>(all));
    assertThat(new TreeSet<>(rules.get(false))).isEqualTo(new TreeSet<>(all));
  }

  private static List<Finding> lint(LintCase one) {
    List<Finding> findings = new ArrayList<>();
    try (Tracer tracer = new Tracer(database, Map.of())) {
      tracer.clear();
      tracer.prepare(Script.of("given.sql", one.given()), false);
      int number = 0;
      for (String text : one.scripts()) {
        number++;
        tracer.makeRows();
        Script script = Script.of("script-" + number + ".sql", text);
        Trace trace =
            one.options().contains("transactional")
                ? tracer.trace(script, true)
                : one.options().contains("non-transactional")
                    ? tracer.trace(script, false)
                    : tracer.trace(script);
        findings.addAll(Judge.judge(trace, Optional.empty()).findings());
      }
    }
    return findings;
  }
}
