package dev.tidemark.pipeline.source.files;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.source.RawEvents;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which files are read, and how their rows become events.
 *
 * @param format what the files hold
 * @param path a folder, a file or a glob, in any file system that Hadoop knows
 * @param options of Spark's reader for the format, by name
 * @param columns Spark SQL expressions by the event column that they give; {@code occurred_at} is
 *     always among them
 * @param timeZone the zone of times that name none
 */
public record FileSourceSettings(
    FileFormat format,
    String path,
    Map<String, String> options,
    Map<String, String> columns,
    ZoneId timeZone) {

  /** Options that would lose rows or files, or that have a key of their own; in lower case. */
  private static final Set<String> RESERVED_OPTIONS =
      Set.of(
          "basepath",
          "columnnameofcorruptrecord",
          "columnpruning",
          "ignorecorruptfiles",
          "ignoremissingfiles",
          "mode",
          "modifiedafter",
          "modifiedbefore",
          "path",
          "pathglobfilter",
          "paths",
          "recursivefilelookup",
          "samplingratio",
          "schema",
          "singlevariantcolumn",
          "timezone",
          "wholetext");

  /**
   * Checks what can be known without looking at a file.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if a column is none of an event's, if
   *     {@code occurred_at} has no expression, or if an option is not the user's to set
   */
  public FileSourceSettings {
    options = Collections.unmodifiableMap(new TreeMap<>(options));
    columns = Collections.unmodifiableMap(new TreeMap<>(columns));
    List<String> known = Arrays.asList(RawEvents.EVENT.fieldNames());
    for (String column : columns.keySet()) {
      if (!known.contains(column)) {
        throw PipelineFailures.unknownEventColumn(column, known);
      }
    }
    if (!columns.containsKey("occurred_at")) {
      throw PipelineFailures.timeNotMapped();
    }
    for (String option : options.keySet()) {
      if (RESERVED_OPTIONS.contains(option.toLowerCase(Locale.ROOT))) {
        throw PipelineFailures.reservedOption(option);
      }
    }
    if (format == FileFormat.JSON && !isUtf8(options)) {
      throw PipelineFailures.jsonEncoding();
    }
  }

  /**
   * Reads the keys of {@code source} that concern files.
   *
   * @param config the whole configuration, as {@link Settings#load} returns it
   * @throws dev.tidemark.migrator.settings.SettingsException if a value is missing or mistyped
   * @throws dev.tidemark.pipeline.failure.PipelineException as the constructor does
   */
  public static FileSourceSettings from(Config config) {
    return new FileSourceSettings(
        FileFormat.of(Settings.choice(config, "source.format", FileFormat.words())),
        Settings.text(config, "source.path"),
        texts(config, "source.options"),
        texts(config, "source.columns"),
        Settings.zone(config, "source.time-zone"));
  }

  /** Whether a reader option that is a switch is on. */
  boolean isOn(String option) {
    return options.entrySet().stream()
        .anyMatch(
            entry ->
                entry.getKey().equalsIgnoreCase(option)
                    && entry.getValue().equalsIgnoreCase("true"));
  }

  private static boolean isUtf8(Map<String, String> options) {
    return options.entrySet().stream()
        .filter(entry -> Set.of("encoding", "charset").contains(lower(entry.getKey())))
        .allMatch(entry -> Set.of("utf-8", "utf8").contains(lower(entry.getValue())));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> texts(Config config, String key) {
    return Settings.value(
        config,
        key,
        whole -> {
          Config section = whole.getConfig(key);
          Map<String, String> texts = new TreeMap<>();
          section
              .entrySet()
              .forEach(
                  entry ->
                      texts.put(
                          String.join(".", ConfigUtil.splitPath(entry.getKey())),
                          section.getString(entry.getKey())));
          return texts;
        });
  }
}
