package dev.tidemark.migrator.testing;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** A collector that takes OTLP over HTTP and keeps what it gets. */
public final class OtlpReceiver implements AutoCloseable {
  private final HttpServer http;
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final List<Metric> metrics = new CopyOnWriteArrayList<>();

  public OtlpReceiver() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    take(
        "/v1/traces",
        body ->
            ExportTraceServiceRequest.parseFrom(body)
                .getResourceSpansList()
                .forEach(r -> r.getScopeSpansList().forEach(s -> spans.addAll(s.getSpansList()))));
    take(
        "/v1/metrics",
        body ->
            ExportMetricsServiceRequest.parseFrom(body)
                .getResourceMetricsList()
                .forEach(
                    r -> r.getScopeMetricsList().forEach(s -> metrics.addAll(s.getMetricsList()))));
    http.start();
  }

  private interface Taker {
    void take(InputStream body) throws IOException;
  }

  private void take(String path, Taker taker) {
    http.createContext(
        path,
        exchange -> {
          try (exchange) {
            InputStream body = exchange.getRequestBody();
            boolean zipped =
                "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            taker.take(zipped ? new GZIPInputStream(body) : body);
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
          }
        });
  }

  /** For {@code OTEL_EXPORTER_OTLP_ENDPOINT}. */
  public String endpoint() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  public List<Span> spans() {
    return spans;
  }

  public List<Metric> metrics() {
    return metrics;
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
