package dev.tidemark.migrator.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Where spans and metrics of a process go. Nothing is loaded, sent or waited for unless an exporter
 * is named by {@code OTEL_TRACES_EXPORTER} or {@code OTEL_METRICS_EXPORTER}, or a collector by
 * {@code OTEL_EXPORTER_OTLP_ENDPOINT} or its variants; each may be given as a system property too.
 *
 * <p>Telemetry never makes a command fail, and holds its end up for {@link #PATIENCE} at most. What
 * goes wrong with it is told once.
 */
public final class Telemetry implements AutoCloseable {
  /** How long the end of a command waits for a collector that does not answer. */
  public static final Duration PATIENCE = Duration.ofSeconds(3);

  private final OpenTelemetry api;
  private final Context parent;
  private final Optional<Delivery> delivery;

  private Telemetry(OpenTelemetry api, Context parent, Optional<Delivery> delivery) {
    this.api = api;
    this.parent = parent;
    this.delivery = delivery;
  }

  /**
   * Telemetry as the environment has it.
   *
   * @param warning is told in one line if nothing can be delivered, and why
   */
  public static Telemetry open(Consumer<String> warning) {
    return open(System.getenv(), warning);
  }

  /** Telemetry as the given variables have it; system properties go before them. */
  static Telemetry open(Map<String, String> environment, Consumer<String> warning) {
    Map<String, String> settings = settings(environment);
    if (!isWanted(settings)) {
      return new Telemetry(OpenTelemetry.noop(), Context.root(), Optional.empty());
    }
    Complaints complaints = Complaints.to(warning);
    try {
      OpenTelemetrySdk sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesSupplier(() -> withDefaults(settings))
              .disableShutdownHook()
              .build()
              .getOpenTelemetrySdk();
      return new Telemetry(sdk, parent(environment), Optional.of(new Delivery(sdk, complaints)));
    } catch (ConfigurationException e) {
      complaints.say(e.getMessage());
      complaints.close();
      return new Telemetry(OpenTelemetry.noop(), Context.root(), Optional.empty());
    }
  }

  /** Whether anything is delivered. */
  public boolean isOn() {
    return delivery.isPresent();
  }

  /** What spans and instruments are made with; does nothing where no exporter is named. */
  public OpenTelemetry api() {
    return api;
  }

  /** The span that the process is part of, if {@code TRACEPARENT} names one. */
  public Context parent() {
    return parent;
  }

  /** Sends what is left; done by the end of the process, too. */
  @Override
  public void close() {
    delivery.ifPresent(Delivery::close);
  }

  private static Map<String, String> settings(Map<String, String> environment) {
    Map<String, String> settings = new LinkedHashMap<>();
    environment.forEach((name, value) -> put(settings, property(name), value));
    System.getProperties()
        .stringPropertyNames()
        .forEach(name -> put(settings, name, System.getProperty(name)));
    return settings;
  }

  private static String property(String variable) {
    return variable.toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** A variable that is empty counts as one that is not set, as the specification wants it. */
  private static void put(Map<String, String> settings, String name, String value) {
    if (name.startsWith("otel.") && !value.isBlank()) {
      settings.put(name, value);
    }
  }

  private static boolean isWanted(Map<String, String> settings) {
    boolean named =
        Stream.of("traces", "metrics")
            .anyMatch(
                signal ->
                    settings.containsKey("otel." + signal + ".exporter")
                        || hasEndpoint(settings, signal));
    return named && !Boolean.parseBoolean(settings.get("otel.sdk.disabled"));
  }

  private static boolean hasEndpoint(Map<String, String> settings, String signal) {
    return settings.containsKey("otel.exporter.otlp.endpoint")
        || settings.containsKey("otel.exporter.otlp." + signal + ".endpoint");
  }

  private static Map<String, String> withDefaults(Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("otel.service.name", "tidemark");
    all.put("otel.traces.exporter", hasEndpoint(settings, "traces") ? "otlp" : "none");
    all.put("otel.metrics.exporter", hasEndpoint(settings, "metrics") ? "otlp" : "none");
    // The log is on standard error.
    all.put("otel.logs.exporter", "none");
    all.put("otel.exporter.otlp.protocol", "http/protobuf");
    // A process that lives for seconds has no running totals.
    all.put("otel.exporter.otlp.metrics.temporality.preference", "delta");
    // A collector that is not there is not waited for.
    all.put("otel.java.exporter.otlp.retry.disabled", "true");
    all.putAll(settings);
    return all;
  }

  private static Context parent(Map<String, String> environment) {
    return W3CTraceContextPropagator.getInstance()
        .extract(Context.root(), environment, new Variables());
  }

  /** The headers of W3C Trace Context as variables: in capital letters. */
  private static final class Variables implements TextMapGetter<Map<String, String>> {
    @Override
    public String get(Map<String, String> environment, String header) {
      return environment.get(header.toUpperCase(Locale.ROOT));
    }
  }
}
