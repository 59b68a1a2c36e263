package dev.tidemark.migrator.changeset;

import dev.tidemark.migrator.failure.MigratorFailures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Cuts SQL into tokens, as far as is needed to find the ends of statements. It follows Postgres's
 * lexical rules (manual, section 4.1): text with doubled quotes, {@code E''} with backslashes,
 * dollar quotes, quoted names, line comments, block comments that nest. Every character of the
 * script is in exactly one token.
 */
final class SqlLexer {
  private final String file;
  private final String sql;
  private final List<Token> tokens = new ArrayList<>();
  private int position;

  private SqlLexer(String file, String sql) {
    this.file = file;
    this.sql = sql;
  }

  /**
   * Cuts a script.
   *
   * @param file where it comes from, for messages
   * @throws dev.tidemark.migrator.failure.MigratorException if a quote or comment has no end
   */
  static List<Token> tokens(String file, String sql) {
    SqlLexer lexer = new SqlLexer(file, sql);
    while (lexer.position < sql.length()) {
      lexer.next();
    }
    return lexer.tokens;
  }

  /** The number of the line that holds a character, from 1. */
  static int line(String sql, int index) {
    return 1 + (int) sql.substring(0, index).chars().filter(unit -> unit == '\n').count();
  }

  private void next() {
    int start = position;
    char current = sql.charAt(position);
    if (isSpace(current)) {
      skipWhile(SqlLexer::isSpace);
      add(Token.Kind.SPACE, start);
    } else if (sql.startsWith("--", position)) {
      int end = sql.indexOf('\n', position);
      position = end < 0 ? sql.length() : end + 1;
      add(Token.Kind.SPACE, start);
    } else if (sql.startsWith("/*", position)) {
      skipBlockComment();
      add(Token.Kind.SPACE, start);
    } else if (current == '\'') {
      skipQuoted('\'', false);
      add(Token.Kind.QUOTED, start);
    } else if (current == '"') {
      skipQuoted('"', false);
      add(Token.Kind.QUOTED, start);
    } else if (current == '$' && skipDollarQuoted()) {
      add(Token.Kind.QUOTED, start);
    } else if (isWord(current) && current != '$') {
      nextWord(start);
    } else {
      position++;
      add(Token.Kind.SYMBOL, start);
    }
  }

  /** A word, or quoted text whose one-letter prefix changes how it is read. */
  private void nextWord(int start) {
    skipWhile(SqlLexer::isWord);
    boolean text = position < sql.length() && sql.charAt(position) == '\'';
    if (text && position == start + 1 && "eE".indexOf(sql.charAt(start)) >= 0) {
      skipQuoted('\'', true);
      add(Token.Kind.QUOTED, start);
    } else {
      add(Token.Kind.WORD, start);
    }
  }

  private void skipBlockComment() {
    int start = position;
    int depth = 0;
    do {
      if (position >= sql.length()) {
        throw unterminated("comment", start);
      }
      if (sql.startsWith("/*", position)) {
        depth++;
        position += 2;
      } else if (sql.startsWith("*/", position)) {
        depth--;
        position += 2;
      } else {
        position++;
      }
    } while (depth > 0);
  }

  private void skipQuoted(char quote, boolean backslashes) {
    int start = position;
    position++;
    while (position < sql.length()) {
      char current = sql.charAt(position++);
      if (backslashes && current == '\\') {
        position++;
      } else if (current == quote) {
        if (position < sql.length() && sql.charAt(position) == quote) {
          position++;
        } else {
          return;
        }
      }
    }
    throw unterminated(quote == '"' ? "quoted name" : "text", start);
  }

  /**
   * A parameter such as {@code $1} and a placeholder such as <code>${name}</code> are no quotes.
   */
  private boolean skipDollarQuoted() {
    int end = position + 1;
    while (end < sql.length() && isWord(sql.charAt(end)) && sql.charAt(end) != '$') {
      end++;
    }
    boolean quote = end < sql.length() && sql.charAt(end) == '$';
    if (!quote || Character.isDigit(sql.charAt(position + 1))) {
      return false;
    }
    String tag = sql.substring(position, end + 1);
    int close = sql.indexOf(tag, end + 1);
    if (close < 0) {
      throw unterminated("text quoted with " + tag, position);
    }
    position = close + tag.length();
    return true;
  }

  private RuntimeException unterminated(String what, int start) {
    return MigratorFailures.unterminated(file, line(sql, start), what);
  }

  private void skipWhile(IntPredicate condition) {
    while (position < sql.length() && condition.test(sql.charAt(position))) {
      position++;
    }
  }

  private void add(Token.Kind kind, int start) {
    tokens.add(new Token(kind, start, position));
  }

  private static boolean isSpace(int unit) {
    return unit == ' ' || unit == '\t' || unit == '\n' || unit == '\r' || unit == '\f';
  }

  private static boolean isWord(int unit) {
    return unit >= 'a' && unit <= 'z'
        || unit >= 'A' && unit <= 'Z'
        || unit >= '0' && unit <= '9'
        || unit == '_'
        || unit == '$'
        || unit >= 0x80;
  }
}
