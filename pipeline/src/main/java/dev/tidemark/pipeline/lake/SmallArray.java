package dev.tidemark.pipeline.lake;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.defaults.internal.data.vector.DefaultGenericVector;
import io.delta.kernel.types.LongType;
import java.util.ArrayList;
import java.util.List;

/** An {@code ARRAY<BIGINT>} as Delta Kernel writes it. */
record SmallArray(List<?> longs) implements ArrayValue {
  @Override
  public int getSize() {
    return longs.size();
  }

  @Override
  public ColumnVector getElements() {
    return DefaultGenericVector.fromList(LongType.LONG, new ArrayList<>(longs));
  }
}
