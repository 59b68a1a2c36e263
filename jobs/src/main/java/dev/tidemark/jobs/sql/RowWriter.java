package dev.tidemark.jobs.sql;

import dev.tidemark.migrator.console.Json;
import dev.tidemark.migrator.console.TextTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes the rows of one statement; csv and json as they come, never all of them in memory. */
final class RowWriter {
  private static final String LINE_END = "\r\n";

  private final PrintStream out;
  private final Format format;
  private final int limit;

  /**
   * A writer of one format.
   *
   * @param limit the most rows that a table shows; zero shows all
   */
  RowWriter(PrintStream out, Format format, int limit) {
    this.out = out;
    this.format = format;
    this.limit = limit;
  }

  /** Writes all rows; nothing is written before the first row is there. */
  void write(Dataset<Row> rows) {
    switch (format) {
      case TABLE -> writeTable(rows);
      case CSV -> writeCsv(rows);
      case JSON -> writeJson(rows);
    }
    out.flush();
  }

  private void writeTable(Dataset<Row> rows) {
    List<Row> shown = (limit == 0 ? rows : rows.limit(limit)).collectAsList();
    if (shown.size() == 1 && rows.columns().length == 1 && isLong(shown.get(0))) {
      out.println(Cells.text(shown.get(0).get(0)).stripTrailing());
      return;
    }
    TextTable table = new TextTable(rows.columns());
    shown.forEach(row -> table.row(cells(row).stream().map(RowWriter::oneLine).toArray()));
    out.println(table);
    long more = limit > 0 && shown.size() == limit ? rows.count() - limit : 0;
    if (more > 0) {
      out.println("… and " + more + " more rows (--limit 0 shows all)");
    }
  }

  /** A plan or a definition is text with lines of its own. */
  private static boolean isLong(Row row) {
    return row.get(0) instanceof String text && text.strip().contains("\n");
  }

  private static String oneLine(String cell) {
    return cell == null ? null : cell.replaceAll("\\R", "⏎").replaceAll("\\p{Cntrl}", "·");
  }

  private void writeCsv(Dataset<Row> rows) {
    Iterator<Row> iterator = rows.toLocalIterator();
    iterator.hasNext();
    out.print(csvLine(Arrays.asList(rows.columns())));
    iterator.forEachRemaining(row -> out.print(csvLine(cells(row))));
  }

  private static String csvLine(List<String> fields) {
    return fields.stream().map(RowWriter::csvField).collect(Collectors.joining(",", "", LINE_END));
  }

  private static String csvField(String text) {
    if (text == null) {
      return "";
    }
    boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> "\",\r\n".indexOf(c) >= 0);
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private void writeJson(Dataset<Row> rows) {
    Iterator<Row> iterator = rows.toLocalIterator();
    iterator.hasNext();
    out.print('[');
    while (iterator.hasNext()) {
      out.print(Json.write(Cells.object(iterator.next())));
      out.print(iterator.hasNext() ? "," : "");
    }
    out.println(']');
  }

  private static List<String> cells(Row row) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.length(); i++) {
      cells.add(Cells.text(row.get(i)));
    }
    return cells;
  }
}
