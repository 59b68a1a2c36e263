package dev.tidemark.migrator.changeset;

import dev.tidemark.migrator.failure.MigratorFailures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Splits a script at the semicolons that end statements: outside of quotes, comments, parentheses
 * and the {@code BEGIN ATOMIC … END} bodies of functions. These are psql's own rules.
 */
final class StatementSplitter {
  private static final Set<String> ROUTINES = Set.of("function", "procedure");

  private final String file;
  private final String sql;
  private final List<Statement> statements = new ArrayList<>();

  private final StringBuilder canonical = new StringBuilder();
  private int start = -1;
  private int end;
  private boolean spaceBefore;
  private Token lastToken;
  private final List<String> words = new ArrayList<>();
  private int parentheses;
  private int blocks;
  private int line = 1;
  private int counted;

  private StatementSplitter(String file, String sql) {
    this.file = file;
    this.sql = sql;
  }

  /**
   * Splits a script.
   *
   * @param file where it comes from, for messages
   * @return the statements in order, none of them empty
   * @throws dev.tidemark.migrator.failure.MigratorException if something in it has no end
   */
  static List<Statement> split(String file, String sql) {
    StatementSplitter splitter = new StatementSplitter(file, sql);
    SqlLexer.tokens(file, sql).forEach(splitter::take);
    splitter.finish();
    return List.copyOf(splitter.statements);
  }

  private void take(Token token) {
    if (token.kind() == Token.Kind.SPACE) {
      spaceBefore = true;
      return;
    }
    String text = sql.substring(token.start(), token.end());
    if (text.equals(";") && parentheses == 0 && blocks == 0) {
      endStatement();
      return;
    }
    if (start < 0) {
      start = token.start();
    }
    end = token.end();
    switch (token.kind()) {
      case WORD -> takeWord(text.toLowerCase(Locale.ROOT));
      case SYMBOL -> parentheses += text.equals("(") ? 1 : text.equals(")") ? -1 : 0;
      default -> {
        // Quoted text says nothing about the structure.
      }
    }
    appendCanonical(token, text);
  }

  private void takeWord(String word) {
    if (words.size() < 4) {
      words.add(word);
    }
    if (!isRoutine() || parentheses > 0) {
      return;
    }
    if (word.equals("begin") || word.equals("case") && blocks > 0) {
      blocks++;
    } else if (word.equals("end") && blocks > 0) {
      blocks--;
    }
  }

  /** CREATE [OR REPLACE] FUNCTION|PROCEDURE: elsewhere, BEGIN and END are statements. */
  private boolean isRoutine() {
    return !words.isEmpty()
        && words.get(0).equals("create")
        && words.stream().anyMatch(ROUTINES::contains);
  }

  /** Space stays where two words or two operators would otherwise run together. */
  private void appendCanonical(Token token, String text) {
    if (spaceBefore && lastToken != null && sticks(lastToken) == sticks(token)) {
      String last = sql.substring(lastToken.start(), lastToken.end());
      if (!isBracket(last) && !isBracket(text)) {
        canonical.append(' ');
      }
    }
    canonical.append(text);
    spaceBefore = false;
    lastToken = token;
  }

  private static boolean sticks(Token token) {
    return token.kind() == Token.Kind.SYMBOL;
  }

  private static boolean isBracket(String text) {
    return text.length() == 1 && "(),;[]".contains(text);
  }

  private void endStatement() {
    if (start >= 0) {
      line += SqlLexer.line(sql.substring(counted, start), start - counted) - 1;
      counted = start;
      statements.add(new Statement(sql.substring(start, end), line, canonical.toString()));
    }
    start = -1;
    canonical.setLength(0);
    lastToken = null;
    words.clear();
  }

  private void finish() {
    if (parentheses != 0 || blocks != 0) {
      String what = parentheses != 0 ? "parenthesis" : "BEGIN … END body";
      throw MigratorFailures.unterminated(file, SqlLexer.line(sql, Math.max(start, 0)), what);
    }
    endStatement();
  }
}
