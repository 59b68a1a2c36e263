package dev.tidemark.pipeline.lake;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.Scan;
import io.delta.kernel.Table;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionBuilder;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.defaults.internal.data.vector.DefaultGenericVector;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.exceptions.CheckpointAlreadyExistsException;
import io.delta.kernel.exceptions.ConcurrentTransactionException;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and appends to a table of few rows in this process, and reads the log of any table: by way
 * of Spark, four jobs would put the log together and a fifth would read the rows.
 */
final class SmallTable {
  private static final Logger LOG = LoggerFactory.getLogger(SmallTable.class);

  private final Engine engine;
  private final String path;

  SmallTable(Configuration storage, String path) {
    storage.setIfUnset(LocalLogStore.KERNEL_SETTING, LocalLogStore.class.getName());
    this.engine = DefaultEngine.create(storage);
    this.path = path;
  }

  /** Takes one file of a table. */
  @FunctionalInterface
  private interface FileTaker {
    void take(Row file) throws IOException;
  }

  /** Takes one live file: where it lies and how large it is, and the values of its partition. */
  @FunctionalInterface
  interface LiveFileTaker {
    void take(FileStatus file, Map<String, String> partition);
  }

  /** Each row of the newest version as something else; columns by their place in the schema. */
  <T> List<T> rows(Function<Row, T> mapper) throws IOException {
    List<T> rows = new ArrayList<>();
    Scan scan = scan();
    Row state = scan.getScanState(engine);
    eachFile(scan, file -> read(state, file, mapper, rows));
    return rows;
  }

  /** The live files of the newest version. */
  void liveFiles(LiveFileTaker taker) throws IOException {
    eachFile(
        scan(),
        file ->
            taker.take(
                InternalScanFileUtils.getAddFileStatus(file),
                InternalScanFileUtils.getPartitionValues(file)));
  }

  private Scan scan() {
    return Table.forPath(engine, path).getLatestSnapshot(engine).getScanBuilder().build();
  }

  private void eachFile(Scan scan, FileTaker taker) throws IOException {
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          while (files.hasNext()) {
            taker.take(files.next());
          }
        }
      }
    }
  }

  /** Writes a checkpoint of the newest version, unless another process just has. */
  void checkpoint() throws IOException {
    try {
      Table.forPath(engine, path).getLatestSnapshot(engine).writeCheckpoint(engine);
    } catch (CheckpointAlreadyExistsException e) {
      LOG.debug("{} has a checkpoint already", path);
    }
  }

  /**
   * Appends rows in one commit.
   *
   * @param rows values in the order of the table's columns, as Kernel's vectors hold them
   * @param applicationId whose transaction this is; null for none
   * @param transactionVersion its number
   * @return false if the application has committed this number or a higher one already
   */
  boolean append(List<List<Object>> rows, String applicationId, long transactionVersion)
      throws IOException {
    TransactionBuilder builder =
        Table.forPath(engine, path).createTransactionBuilder(engine, "Tidemark", Operation.WRITE);
    if (applicationId != null) {
      builder = builder.withTransactionId(engine, applicationId, transactionVersion);
    }
    try {
      Transaction transaction = builder.build(engine);
      TransactionCommitResult result =
          transaction.commit(
              engine, CloseableIterable.inMemoryIterable(written(transaction, rows)));
      for (PostCommitHook hook : result.getPostCommitHooks()) {
        hook.threadSafeInvoke(engine);
      }
      return true;
    } catch (ConcurrentTransactionException e) {
      return false;
    }
  }

  /** The highest transaction version that an application has committed. */
  OptionalLong transactionVersion(String applicationId) {
    return Table.forPath(engine, path)
        .getLatestSnapshot(engine)
        .getLatestTransactionVersion(engine, applicationId)
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  private CloseableIterator<Row> written(Transaction transaction, List<List<Object>> rows)
      throws IOException {
    StructType schema = transaction.getSchema(engine);
    ColumnVector[] columns = new ColumnVector[schema.length()];
    for (int column = 0; column < columns.length; column++) {
      int place = column;
      List<Object> values = new ArrayList<>();
      rows.forEach(row -> values.add(row.get(place)));
      columns[column] = DefaultGenericVector.fromList(schema.at(column).getDataType(), values);
    }
    FilteredColumnarBatch batch =
        new FilteredColumnarBatch(
            new DefaultColumnarBatch(rows.size(), schema, columns), Optional.empty());
    Row state = transaction.getTransactionState(engine);
    DataWriteContext place = Transaction.getWriteContext(engine, state, Map.of());
    CloseableIterator<FilteredColumnarBatch> data =
        Transaction.transformLogicalData(
            engine, state, Utils.singletonCloseableIterator(batch), Map.of());
    return Transaction.generateAppendActions(
        engine,
        state,
        engine
            .getParquetHandler()
            .writeParquetFiles(place.getTargetDirectory(), data, place.getStatisticsColumns()),
        place);
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
