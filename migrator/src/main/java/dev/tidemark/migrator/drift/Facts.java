package dev.tidemark.migrator.drift;

import dev.tidemark.migrator.catalogue.Catalogue;
import dev.tidemark.migrator.catalogue.Catalogue.Grant;
import dev.tidemark.migrator.catalogue.Routine;
import dev.tidemark.migrator.catalogue.Table;
import dev.tidemark.migrator.catalogue.UserType;
import dev.tidemark.migrator.catalogue.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Takes a catalogue apart into facts. */
final class Facts {
  private final boolean sameServerVersion;
  private final Map<String, Fact> facts = new LinkedHashMap<>();

  private Facts(boolean sameServerVersion) {
    this.sameServerVersion = sameServerVersion;
  }

  /**
   * The facts of a catalogue by their keys, wholes before their parts.
   *
   * @param sameServerVersion whether it will be compared with one of the same major version; if
   *     not, what versions print differently is left out
   */
  static Map<String, Fact> of(Catalogue catalogue, boolean sameServerVersion) {
    Facts facts = new Facts(sameServerVersion);
    catalogue.schemas().forEach(facts::schema);
    catalogue.extensions().forEach(name -> facts.add("extension", name, null, List.of()));
    catalogue.types().forEach(facts::type);
    catalogue.sequences().forEach(facts::sequence);
    catalogue.tables().forEach(facts::table);
    catalogue.views().forEach(facts::view);
    catalogue.routines().forEach(facts::routine);
    return facts.facts;
  }

  private void schema(Catalogue.Schema schema) {
    String key = add("schema", schema.name(), null, List.of("comment", text(schema.comment())));
    grants(key, "schema " + schema.name(), schema.grants());
  }

  private void type(UserType type) {
    String kind = type.kind().name().toLowerCase(Locale.ROOT) + " type";
    String parts = String.join(", ", type.parts());
    String key =
        add(kind, type.name(), null, List.of("content", parts, "comment", text(type.comment())));
    grants(key, "type " + type.name(), type.grants());
  }

  private void sequence(Catalogue.Sequence sequence) {
    String key =
        add(
            "sequence",
            sequence.name(),
            null,
            List.of("definition", sequence.definition(), "comment", text(sequence.comment())));
    grants(key, "sequence " + sequence.name(), sequence.grants());
  }

  private void table(Table table) {
    String security =
        table.rowSecurity() == Table.RowSecurity.OFF
            ? ""
            : table.rowSecurity().name().toLowerCase(Locale.ROOT);
    String key =
        add(
            "table",
            table.name(),
            null,
            List.of(
                "partitioning",
                text(table.partitionKey()),
                "row-level security",
                security,
                "storage",
                table.options() + (table.unlogged() ? "unlogged" : ""),
                "comment",
                text(table.comment())));
    table.columns().forEach(column -> column(key, table.name(), column));
    table.constraints().forEach(constraint -> constraint(key, table, constraint));
    indexes(key, table.name(), table.indexes());
    table.triggers().forEach(trigger -> trigger(key, table, trigger));
    table.policies().forEach(policy -> policy(key, table, policy));
    grants(key, table.name(), table.grants());
  }

  private void view(View view) {
    String key =
        add(
            view.materialized() ? "materialized view" : "view",
            view.name(),
            null,
            List.of(
                "definition", sameServerVersion ? view.definition() : "",
                "options", view.options(),
                "comment", text(view.comment())));
    view.columns().forEach(column -> column(key, view.name(), column));
    indexes(key, view.name(), view.indexes());
    grants(key, view.name(), view.grants());
  }

  private void routine(Routine routine) {
    String key =
        add(
            "function",
            routine.name(),
            null,
            List.of(
                "signature", routine.signature(),
                "language", routine.language(),
                "properties", routine.properties(),
                "rights", routine.securityDefiner() ? "SECURITY DEFINER" : "",
                "settings", routine.settings(),
                "body", sameServerVersion || !routine.namesResolved() ? routine.body() : "",
                "comment", text(routine.comment())));
    grants(key, "function " + routine.name(), routine.grants());
  }

  private void column(String whole, Object relation, Table.Column column) {
    add(
        "column",
        relation + "." + column.name(),
        whole,
        List.of(
            "type", column.type(),
            "nullability", column.nullable() ? "null" : "not null",
            "default", text(column.defaultValue()),
            "comment", text(column.comment())));
  }

  private void constraint(String whole, Table table, Table.Constraint constraint) {
    add(
        "constraint",
        constraint.name() + " on " + table.name(),
        whole,
        List.of(
            "definition",
            constraint.definition(),
            "state",
            constraint.validated() ? "" : "not validated"));
  }

  private void indexes(String whole, Object relation, List<Table.Index> indexes) {
    indexes.stream()
        // Those of constraints are told by the constraint, unless they do not work.
        .filter(index -> !index.ofConstraint() || !index.valid())
        .forEach(
            index ->
                add(
                    "index",
                    index.name() + " on " + relation,
                    whole,
                    List.of(
                        "definition",
                        index.definition(),
                        "state",
                        index.valid() ? "" : "invalid")));
  }

  private void trigger(String whole, Table table, Table.Trigger trigger) {
    add(
        "trigger",
        trigger.name() + " on " + table.name(),
        whole,
        List.of("definition", trigger.definition(), "firing", trigger.enabled()));
  }

  private void policy(String whole, Table table, Table.Policy policy) {
    add(
        "policy",
        policy.name() + " on " + table.name(),
        whole,
        List.of(
            "kind", policy.permissive() ? "permissive" : "restrictive",
            "command", policy.command(),
            "roles", String.join(", ", policy.roles()),
            "using", text(policy.visible()),
            "with check", text(policy.writable())));
  }

  /** One fact for each role, so that one sentence tells what it may do and what it should. */
  private void grants(String whole, Object object, List<Grant> grants) {
    Map<String, TreeSet<String>> byRole = new TreeMap<>();
    for (Grant grant : grants) {
      // New in version 17.
      if (sameServerVersion || !grant.privilege().equals("MAINTAIN")) {
        byRole
            .computeIfAbsent(grant.grantee(), role -> new TreeSet<>())
            .add(
                grant.privilege()
                    + grant.column().map(column -> " (" + column + ")").orElse("")
                    + (grant.grantable() ? " WITH GRANT OPTION" : ""));
      }
    }
    byRole.forEach(
        (role, privileges) ->
            add(
                "grant",
                "to " + role + " on " + object,
                whole,
                List.of("privileges", String.join(", ", privileges))));
  }

  /** Adds a fact whose properties are given as names and values in turn. */
  private String add(String kind, Object object, String whole, List<String> properties) {
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < properties.size(); i += 2) {
      named.put(properties.get(i), properties.get(i + 1));
    }
    Fact fact = new Fact(kind, object.toString(), Optional.ofNullable(whole), named);
    facts.put(fact.key(), fact);
    return fact.key();
  }

  private static String text(Optional<String> value) {
    return value.orElse("");
  }
}
