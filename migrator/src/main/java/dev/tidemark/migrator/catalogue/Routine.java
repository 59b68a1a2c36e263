package dev.tidemark.migrator.catalogue;

import java.util.List;
import java.util.Optional;

/**
 * A function or procedure.
 *
 * @param name with the types of its arguments
 * @param signature arguments with their names and defaults, and what it returns
 * @param language such as {@code plpgsql}
 * @param properties what else the planner and the executor go by, in the words of SQL
 * @param securityDefiner whether it runs with the rights of its owner
 * @param settings server parameters that it sets for itself, {@code name=value}, joined by commas
 * @param body its source
 * @param comment empty if there is none
 */
public record Routine(
    ObjectName name,
    String signature,
    String language,
    String properties,
    boolean securityDefiner,
    String settings,
    String body,
    Optional<String> comment,
    List<Catalogue.Grant> grants) {

  /** Whether its body was read when it was made, so that no search_path changes what it means. */
  public boolean namesResolved() {
    return language.equals("sql") && body.matches("(?s)(BEGIN ATOMIC|RETURN)\\b.*");
  }

  /** The name without the arguments. */
  public String simpleName() {
    return name.name().replaceFirst("\\(.*", "");
  }
}
