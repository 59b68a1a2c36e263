package dev.tidemark.pipeline.lake;

import io.delta.kernel.Scan;
import io.delta.kernel.Table;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;

/**
 * Reads a table of few rows in this process: by way of Spark, four jobs would put its log together
 * and a fifth would read it.
 */
final class SmallTable {
  private final Engine engine;
  private final String path;

  SmallTable(Configuration storage, String path) {
    this.engine = DefaultEngine.create(storage);
    this.path = path;
  }

  /** Each row of the newest version as something else; columns by their place in the schema. */
  <T> List<T> rows(Function<Row, T> mapper) throws IOException {
    List<T> rows = new ArrayList<>();
    Scan scan = Table.forPath(engine, path).getLatestSnapshot(engine).getScanBuilder().build();
    Row state = scan.getScanState(engine);
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          while (files.hasNext()) {
            read(state, files.next(), mapper, rows);
          }
        }
      }
    }
    return rows;
  }

  private <T> void read(Row state, Row file, Function<Row, T> mapper, List<T> into)
      throws IOException {
    FileStatus place = InternalScanFileUtils.getAddFileStatus(file);
    try (CloseableIterator<FileReadResult> read =
            engine
                .getParquetHandler()
                .readParquetFiles(
                    Utils.singletonCloseableIterator(place),
                    ScanStateRow.getPhysicalDataReadSchema(state),
                    Optional.empty());
        CloseableIterator<FilteredColumnarBatch> data =
            Scan.transformPhysicalData(engine, state, file, read.map(FileReadResult::getData))) {
      while (data.hasNext()) {
        try (CloseableIterator<Row> rows = data.next().getRows()) {
          while (rows.hasNext()) {
            into.add(mapper.apply(rows.next()));
          }
        }
      }
    }
  }
}
