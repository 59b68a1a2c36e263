package dev.tidemark.jobs.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * A SQL text taken apart into its statements.
 *
 * @param complete those that a semicolon ends, without it; never blank
 * @param rest what follows the last semicolon, stripped; blank if that is nothing but comments
 * @param open what the rest has opened and not closed: a quote, a name, a comment; or null
 */
record Statements(List<String> complete, String rest, String open) {

  /** Semicolons within quotes, quoted names and comments end nothing. */
  static Statements of(String text) {
    List<String> complete = new ArrayList<>();
    String open = null;
    boolean blank = true;
    int start = 0;
    int position = 0;
    while (position < text.length()) {
      char here = text.charAt(position);
      int next = position + 1;
      if (here == ';') {
        if (!blank) {
          complete.add(text.substring(start, position).strip());
        }
        start = next;
        blank = true;
      } else if (here == '\'' || here == '"' || here == '`') {
        blank = false;
        next = afterQuote(text, position);
        open = next < 0 ? (here == '`' ? "a quoted name" : "a quote") : null;
      } else if (text.startsWith("--", position)) {
        int end = text.indexOf('\n', position);
        next = end < 0 ? text.length() : end + 1;
      } else if (text.startsWith("/*", position)) {
        next = afterComment(text, position);
        open = next < 0 ? "a comment" : null;
        // A hint is part of the statement; a comment alone is none.
        blank &= !text.startsWith("/*+", position);
      } else {
        blank &= Character.isWhitespace(here);
      }
      if (next < 0) {
        break;
      }
      position = next;
    }
    String rest = blank && open == null ? "" : text.substring(start).strip();
    return new Statements(List.copyOf(complete), rest, open);
  }

  /** All statements, the last of which needs no semicolon. */
  List<String> all() {
    List<String> all = new ArrayList<>(complete);
    if (!rest.isEmpty()) {
      all.add(rest);
    }
    return all;
  }

  /** A backslash escapes within quotes, not within names; a doubled quote opens the next one. */
  private static int afterQuote(String text, int start) {
    char quote = text.charAt(start);
    for (int i = start + 1; i < text.length(); i++) {
      char here = text.charAt(i);
      if (here == quote) {
        return i + 1;
      }
      if (here == '\\' && quote != '`') {
        i++;
      }
    }
    return -1;
  }

  /** Spark's comments nest. */
  private static int afterComment(String text, int start) {
    int depth = 0;
    for (int i = start; i < text.length() - 1; i++) {
      if (text.startsWith("/*", i)) {
        depth++;
        i++;
      } else if (text.startsWith("*/", i)) {
        depth--;
        i++;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return -1;
  }
}
