package dev.tidemark.pipeline.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class HttpDeliveryTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void documentsArriveInOrderWithTheKey() throws IOException {
    List<String> got = new CopyOnWriteArrayList<>();
    HttpServer server = server(201, got);
    try {
      try (HttpDelivery delivery = new HttpDelivery(url(server), Optional.of("key"), LONG)) {
        for (int i = 0; i < 20; i++) {
          delivery.send("document " + i);
        }
      }
      assertThat(got)
          .hasSize(20)
          .startsWith("Bearer key document 0")
          .endsWith("Bearer key document 19");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void afterARefusalNothingMoreIsSent() throws IOException {
    List<String> got = new CopyOnWriteArrayList<>();
    HttpServer server = server(500, got);
    try {
      try (HttpDelivery delivery = new HttpDelivery(url(server), Optional.empty(), LONG)) {
        delivery.send("one");
        delivery.send("two");
      }
      assertThat(got).containsExactly("null one");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whoDoesNotAnswerIsWaitedForOnce() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      long began = System.nanoTime();
      try (HttpDelivery delivery = new HttpDelivery(url, Optional.empty(), SHORT)) {
        for (int i = 0; i < 100; i++) {
          delivery.send("document " + i);
        }
      }
      // 100 documents that wait for 300 ms each would take half a minute.
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }
  }

  private static URI url(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/lineage");
  }

  private static HttpServer server(int status, List<String> got) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v1/lineage",
        exchange -> {
          try (exchange) {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            got.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
            exchange.sendResponseHeaders(status, -1);
          }
        });
    server.start();
    return server;
  }
}
