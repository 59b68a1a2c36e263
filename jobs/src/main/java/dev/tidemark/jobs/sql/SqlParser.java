package dev.tidemark.jobs.sql;

import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.impl.DefaultParser;

/** Reads on until a semicolon ends the statement; the shell's own commands end with their line. */
final class SqlParser extends DefaultParser {
  SqlParser() {
    setQuoteChars(new char[0]);
    setEscapeChars(new char[0]);
  }

  /**
   * A name ends where no letter, digit or underscore goes on: {@code sum(inp} completes columns.
   */
  @Override
  public boolean isDelimiterChar(CharSequence buffer, int position) {
    char here = buffer.charAt(position);
    return !Character.isLetterOrDigit(here) && here != '_' && here != '\\';
  }

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE && !isComplete(line)) {
      throw new EOFError(-1, cursor, "the statement goes on", "");
    }
    return super.parse(line, cursor, context);
  }

  private static boolean isComplete(String line) {
    return ShellCommand.isOne(line) || Statements.of(line).rest().isEmpty();
  }
}
