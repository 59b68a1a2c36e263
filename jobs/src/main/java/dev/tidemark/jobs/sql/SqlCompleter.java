package dev.tidemark.jobs.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/**
 * Completes the names of tables, the columns of the tables that the statement names (of all tables,
 * while it names none), SQL's words and, once a letter is typed, functions: there are hundreds.
 */
final class SqlCompleter implements Completer {
  private static final List<String> WORDS =
      List.of(
          "SELECT",
          "DISTINCT",
          "FROM",
          "WHERE",
          "GROUP BY",
          "HAVING",
          "ORDER BY",
          "LIMIT",
          "AS",
          "JOIN",
          "LEFT JOIN",
          "FULL JOIN",
          "CROSS JOIN",
          "ON",
          "USING",
          "UNION ALL",
          "EXCEPT",
          "INTERSECT",
          "WITH",
          "CASE",
          "WHEN",
          "THEN",
          "ELSE",
          "END",
          "AND",
          "OR",
          "NOT",
          "IN",
          "BETWEEN",
          "LIKE",
          "IS NULL",
          "IS NOT NULL",
          "ASC",
          "DESC",
          "COUNT(*)",
          "CAST(",
          "INTERVAL",
          "OVER (",
          "PARTITION BY",
          "SHOW TABLES",
          "DESCRIBE",
          "DESCRIBE HISTORY",
          "DESCRIBE DETAIL",
          "EXPLAIN",
          "VERSION AS OF",
          "TIMESTAMP AS OF",
          "CREATE TEMPORARY VIEW");

  private static final Pattern NOT_OF_A_NAME = Pattern.compile("\\W+");

  private final Supplier<List<String>> tables;
  private final Function<String, List<String>> columns;
  private final Supplier<List<String>> functions;

  SqlCompleter(
      Supplier<List<String>> tables,
      Function<String, List<String>> columns,
      Supplier<List<String>> functions) {
    this.tables = tables;
    this.columns = columns;
    this.functions = functions;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    List<String> known = tables.get();
    Set<String> words =
        NOT_OF_A_NAME
            .splitAsStream(line.line().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    List<String> named = known.stream().filter(words::contains).toList();
    known.forEach(table -> candidates.add(candidate(table, "tables")));
    (named.isEmpty() ? known : named)
        .stream()
            .flatMap(table -> columns.apply(table).stream())
            .distinct()
            .forEach(column -> candidates.add(candidate(column, "columns")));
    WORDS.forEach(word -> candidates.add(candidate(word, "SQL")));
    if (!line.word().isEmpty()) {
      functions.get().forEach(name -> candidates.add(candidate(name + "(", "functions")));
    }
  }

  private static Candidate candidate(String value, String group) {
    return new Candidate(value, value, group, null, null, null, !value.endsWith("("));
  }
}
