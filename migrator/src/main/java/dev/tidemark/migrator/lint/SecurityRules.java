package dev.tidemark.migrator.lint;

import static dev.tidemark.migrator.lint.Hazard.SECURITY;
import static dev.tidemark.migrator.lint.Level.ERROR;
import static dev.tidemark.migrator.lint.Level.NOTE;
import static dev.tidemark.migrator.lint.Level.WARNING;

import dev.tidemark.migrator.trace.CatalogueObject;
import dev.tidemark.migrator.trace.Change;
import dev.tidemark.migrator.trace.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What lets somebody see or do more than before. */
final class SecurityRules {
  private static final Pattern CONCATENATED =
      Pattern.compile("(?is)\\bEXECUTE\\s+(?!format\\b|FUNCTION\\b|PROCEDURE\\b)[^;]*\\|\\|[^;]*;");
  private static final Pattern QUOTED = Pattern.compile("(?i)quote_(ident|literal|nullable)");
  private static final Set<String> POWERS =
      Set.of(
          "superuser",
          "bypasses_row_security",
          "creates_roles",
          "creates_databases",
          "replication");

  private SecurityRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(
            "grant-to-public",
            SECURITY,
            ERROR,
            "grant to the roles that need it; PUBLIC is everybody who can connect, and every role"
                + " that will ever be made",
            SecurityRules::grantToPublic),
        Rule.of(
            "security-definer-search-path",
            SECURITY,
            ERROR,
            "add SET search_path = … to the function; and REVOKE EXECUTE ON FUNCTION … FROM PUBLIC",
            step ->
                functions(step)
                    .filter(function -> function.is("security_definer"))
                    .filter(function -> !function.is("parsed"))
                    .filter(function -> !function.text("settings").contains("search_path="))
                    .map(
                        function ->
                            step.hit(
                                "%s runs with its owner's rights and its caller's search_path: the"
                                    + " caller chooses which tables and functions it finds",
                                function.name()))),
        Rule.of(
            "dynamic-sql-concatenation",
            SECURITY,
            WARNING,
            "EXECUTE format('… %I … %L …', name, value), or EXECUTE … USING value",
            step ->
                functions(step)
                    .filter(function -> function.text("language").equals("plpgsql"))
                    .filter(function -> concatenates(function.text("body")))
                    .map(
                        function ->
                            step.hit(
                                "%s executes SQL that it puts together from text: a value can"
                                    + " become code",
                                function.name()))),
        Rule.of(
            "row-security-disabled",
            SECURITY,
            ERROR,
            "leave row security on, and change its policies",
            step ->
                step.changed(Kind.TABLE)
                    .filter(change -> step.isOld(change.after().id()))
                    .filter(
                        change ->
                            change.ceases("row_security") || change.ceases("row_security_forced"))
                    .map(
                        change ->
                            step.hit(
                                change.after().id(),
                                "Whoever may read %s sees every row of it from now on",
                                change.after().name()))),
        Rule.of(
            "row-security-enabled",
            SECURITY,
            WARNING,
            "make the policies first, and enable row security in the same change set or later: whom"
                + " no policy names sees nothing",
            step ->
                step.changed(Kind.TABLE)
                    .filter(change -> step.isOld(change.after().id()))
                    .filter(
                        change ->
                            change.becomes("row_security") || change.becomes("row_security_forced"))
                    .filter(
                        change ->
                            step.after().of(Kind.POLICY, change.after().id()).findAny().isEmpty())
                    .map(
                        change ->
                            step.hit(
                                change.after().id(),
                                "Programs see no row of %s any more, as it has no policy",
                                change.after().name()))),
        Rule.of(
            "policy-added",
            SECURITY,
            NOTE,
            "see whose rows it opens: permissive policies add up",
            step ->
                step.added(Kind.POLICY)
                    .filter(policy -> step.isOld(policy.parent()) && policy.is("permissive"))
                    .filter(policy -> secured(step, policy.parent()))
                    .map(
                        policy ->
                            step.hit(
                                policy.parent(),
                                "Policy %s lets more rows of %s be seen",
                                policy.name(),
                                step.name(policy.parent())))),
        Rule.of(
            "policy-changed",
            SECURITY,
            WARNING,
            "add the new policy first and drop the old one in a later change set; test both with"
                + " the role that is meant",
            step ->
                Stream.concat(
                        step.changed(Kind.POLICY).map(Change::before),
                        step.removed(Kind.POLICY)
                            .filter(policy -> step.after().hasRelation(policy.parent())))
                    .filter(step::isOld)
                    .map(
                        policy ->
                            step.hit(
                                policy.parent(),
                                "Policy %s of %s is another or gone: other rows are seen",
                                policy.name(),
                                step.name(policy.parent())))),
        Rule.of(
            "view-bypasses-row-security",
            SECURITY,
            WARNING,
            "CREATE VIEW … WITH (security_invoker = true)",
            step ->
                Stream.concat(step.added(Kind.VIEW), step.changed(Kind.VIEW).map(Change::after))
                    .filter(view -> view.attribute("secured_tables").isPresent())
                    .filter(
                        view ->
                            !view.text("options")
                                .matches(".*security_invoker=(true|on|1|yes)\\b.*"))
                    .map(
                        view ->
                            step.hit(
                                view.id(),
                                "%s reads %s with its owner's rights, not with those of who asks",
                                view.name(),
                                view.text("secured_tables")))),
        Rule.of(
            "powerful-role",
            SECURITY,
            WARNING,
            "give the role what it needs by GRANT; powers over the whole server are no part of a"
                + " schema",
            SecurityRules::powerfulRole),
        Rule.of(
            "owner-changed",
            SECURITY,
            WARNING,
            "see that the new owner is meant to have every right, and that programs keep theirs",
            step ->
                step.changed()
                    .filter(change -> step.isOld(change.after()) && change.of("owner"))
                    .map(
                        change ->
                            step.hit(
                                change.after().id(),
                                "%s belongs to %s from now on",
                                change.after().name(),
                                change.after().text("owner")))),
        Rule.of(
            "revoke",
            SECURITY,
            WARNING,
            "see that no program that runs already needs the right",
            SecurityRules::revoke));
  }

  private static Stream<CatalogueObject> functions(Step step) {
    return Stream.concat(step.added(Kind.FUNCTION), step.changed(Kind.FUNCTION).map(Change::after));
  }

  private static boolean concatenates(String body) {
    return CONCATENATED
        .matcher(body)
        .results()
        .anyMatch(match -> !QUOTED.matcher(match.group()).find());
  }

  private static boolean secured(Step step, long table) {
    return step.before().find(Kind.TABLE, table).filter(t -> t.is("row_security")).isPresent();
  }

  private static Stream<Hit> grantToPublic(Step step) {
    Stream<CatalogueObject> made =
        step.added()
            .filter(object -> object.attribute("grants").isPresent())
            .filter(object -> Grants.of(object).widerForEverybody(Grants.ofNew(object.kind())));
    Stream<CatalogueObject> altered =
        step.changed()
            .filter(
                change -> Grants.of(change.after()).widerForEverybody(Grants.of(change.before())))
            .map(Change::after);
    return Stream.concat(made, altered)
        .map(
            object ->
                step.hit(
                    object.kind() == Kind.COLUMN ? object.parent() : object.id(),
                    "Everybody gets a right on %s",
                    object.name()));
  }

  private static Stream<Hit> powerfulRole(Step step) {
    Stream<CatalogueObject> made =
        step.added(Kind.ROLE).filter(role -> POWERS.stream().anyMatch(role::is));
    Stream<CatalogueObject> altered =
        step.changed(Kind.ROLE)
            .filter(change -> POWERS.stream().anyMatch(change::becomes))
            .map(Change::after);
    return Stream.concat(made, altered)
        .map(
            role ->
                step.hit(
                    "Role %s has power over the whole server: %s",
                    role.name(),
                    POWERS.stream()
                        .filter(role::is)
                        .sorted()
                        .findFirst()
                        .orElseThrow()
                        .replace('_', ' ')));
  }

  private static Stream<Hit> revoke(Step step) {
    return step.changed()
        .filter(change -> step.isOld(change.after()) && change.of("grants"))
        .flatMap(
            change -> {
              Optional<String> role =
                  Grants.of(change.after())
                      .narrowed(Grants.of(change.before()), change.after().text("owner"));
              return role.stream()
                  .map(
                      name ->
                          step.hit(
                              change.after().kind() == Kind.COLUMN
                                  ? change.after().parent()
                                  : change.after().id(),
                              "%s loses a right on %s",
                              name.isEmpty() ? "PUBLIC" : name,
                              change.after().name()));
            });
  }
}
