package dev.tidemark.pipeline.lineage;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts documents one after the other, on a thread of its own. After one that could not be
 * delivered the others are dropped, so that an endpoint that does not answer is waited for once.
 */
final class HttpDelivery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpDelivery.class);

  private final URI url;
  private final Optional<String> apiKey;
  private final Duration timeout;
  private final HttpClient client;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread delivery = new Thread(work, "lineage");
            delivery.setDaemon(true);
            return delivery;
          });
  private volatile boolean failed;

  HttpDelivery(URI url, Optional<String> apiKey, Duration timeout) {
    this.url = url;
    this.apiKey = apiKey;
    this.timeout = timeout;
    this.client = HttpClient.newBuilder().connectTimeout(timeout).build();
  }

  /** Returns at once. */
  void send(String json) {
    thread.execute(() -> post(json));
  }

  private void post(String json) {
    if (failed) {
      return;
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    apiKey.ifPresent(key -> request.header("Authorization", "Bearer " + key));
    try {
      HttpResponse<Void> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.discarding());
      if (answer.statusCode() / 100 != 2) {
        fail("it answered " + answer.statusCode());
      }
    } catch (IOException | IllegalArgumentException e) {
      fail(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("it has not answered within " + timeout.toMillis() + " ms");
    }
  }

  private synchronized void fail(String reason) {
    if (!failed) {
      failed = true;
      LOG.warn(
          "Lineage is not delivered to {}://{}, the run goes on without: {}",
          url.getScheme(),
          url.getHost(),
          reason);
    }
  }

  /** Waits for what is on its way, for as long as an answer may take. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!failed && !thread.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        fail("it has not answered within " + timeout.toMillis() + " ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.shutdownNow();
  }
}
