package dev.tidemark.pipeline.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetNameTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /data/in/*.csv                  | file                  | /data/in/*.csv
          file:/data/lake/usage_hourly    | file                  | /data/lake/usage_hourly
          file:///data/lake               | file                  | /data/lake
          s3a://bucket/lake/usage_hourly  | s3://bucket           | lake/usage_hourly
          gs://bucket/in/{a,b}.json       | gs://bucket           | in/{a,b}.json
          hdfs://namenode:8020/lake       | hdfs://namenode:8020  | /lake
          abfss://c@a.dfs.core.windows.net/lake | abfss://c@a.dfs.core.windows.net | /lake
          """)
  void pathsAreNamedByScheme(String path, String namespace, String name) {
    assertThat(DatasetName.ofPath(path)).isEqualTo(new DatasetName(namespace, name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbc:postgresql://db.example:6432/gateway                  | postgres://db.example:6432 | gateway
          jdbc:postgresql://db.example/gateway?user=u&password=s     | postgres://db.example:5432 | gateway
          jdbc:postgresql://one:5433,two:5434/gateway                | postgres://one:5433        | gateway
          jdbc:postgresql://[::1]:5433/gateway                       | postgres://[::1]:5433      | gateway
          jdbc:postgresql:gateway                                    | postgres://localhost:5432  | gateway
          """)
  void tablesAreNamedByServer(String url, String namespace, String database) {
    assertThat(DatasetName.ofTable(url, "usage_events"))
        .isEqualTo(new DatasetName(namespace, database + ".public.usage_events"));
  }
}
