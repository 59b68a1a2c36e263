package dev.tidemark.migrator.governor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.util.OptionalDouble;
import java.util.function.BiFunction;

/**
 * From where on a signal asks for less, and from where on it says stop.
 *
 * @param throttleAt the value from which on; empty for never
 * @param stopAt the value from which on; empty for never
 */
public record Threshold(OptionalDouble throttleAt, OptionalDouble stopAt) {
  /** Reads both, in whatever unit the reader gives. */
  static Threshold of(Config config, String key, BiFunction<Config, String, Double> reader) {
    Threshold threshold =
        new Threshold(
            optional(config, key + ".throttle-at", reader),
            optional(config, key + ".stop-at", reader));
    boolean ordered =
        threshold.throttleAt.isEmpty()
            || threshold.stopAt.isEmpty()
            || threshold.throttleAt.getAsDouble() <= threshold.stopAt.getAsDouble();
    if (!ordered) {
      throw new ConfigException.BadValue(
          config.getValue(key + ".stop-at").origin(), key + ".stop-at", "less than throttle-at");
    }
    return threshold;
  }

  private static OptionalDouble optional(
      Config config, String key, BiFunction<Config, String, Double> reader) {
    return config.hasPath(key)
        ? OptionalDouble.of(reader.apply(config, key))
        : OptionalDouble.empty();
  }

  /** What a value asks for. */
  Level level(double value) {
    if (stopAt.isPresent() && value >= stopAt.getAsDouble()) {
      return Level.STOP;
    }
    return throttleAt.isPresent() && value >= throttleAt.getAsDouble()
        ? Level.THROTTLE
        : Level.CALM;
  }
}
