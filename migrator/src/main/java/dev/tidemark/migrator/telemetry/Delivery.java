package dev.tidemark.migrator.telemetry;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sends what is left when the work is done, or when the process is told to end. */
final class Delivery implements AutoCloseable {
  private final OpenTelemetrySdk sdk;
  private final Complaints complaints;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread hook = new Thread(this::deliver, "telemetry");

  Delivery(OpenTelemetrySdk sdk, Complaints complaints) {
    this.sdk = sdk;
    this.complaints = complaints;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    deliver();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, and the hook with it.
    }
  }

  private void deliver() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    // On a thread of its own, as the SDK waits longer for its exporters than we do.
    Thread delivery = new Thread(sdk::close, "telemetry-delivery");
    delivery.setDaemon(true);
    delivery.start();
    try {
      delivery.join(Telemetry.PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (delivery.isAlive()) {
      complaints.say(
          "the collector has not answered within " + Telemetry.PATIENCE.toSeconds() + " s");
    }
    complaints.close();
  }
}
