package dev.tidemark.migrator.classification;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import dev.tidemark.migrator.classification.Classification.Policy;
import dev.tidemark.migrator.classification.Classification.Store;
import dev.tidemark.migrator.classification.Classification.TableEntry;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The file's format. Whatever is wrong is thrown as {@link ConfigException} with its place. */
final class ClassificationFile {
  private static final String POLICY = "policy";
  private static final Set<String> TAGS =
      Stream.of(Tag.values()).map(Tag::word).collect(Collectors.toCollection(TreeSet::new));

  private final Config config;

  private ClassificationFile(Config config) {
    this.config = config;
  }

  static Classification read(Config config, Store wanted) {
    ClassificationFile file = new ClassificationFile(config);
    file.refuseUnknown(config.root(), Set.of("policies", "operational", "lake"));
    Map<Store, Classification> stores = new EnumMap<>(Store.class);
    // All of it, so that a fault is told whatever part is needed.
    for (Store store : Store.values()) {
      stores.put(store, file.store(config.getConfig(store.name().toLowerCase(Locale.ROOT))));
    }
    return stores.get(wanted);
  }

  private Classification store(Config part) {
    refuseUnknown(part.root(), Set.of("standard", "tables"));
    refuseUnknown(part.getObject("standard"), TAGS);
    Config tables = part.getConfig("tables");
    Map<String, TableEntry> entries = new LinkedHashMap<>();
    for (String name : new TreeSet<>(tables.root().keySet())) {
      entries.put(name, table(tables.getConfig(ConfigUtil.quoteString(name))));
    }
    return new Classification(tags(part.getConfig("standard")), entries);
  }

  private TableEntry table(Config table) {
    Set<String> known = new TreeSet<>(TAGS);
    known.add(POLICY);
    refuseUnknown(table.root(), known);
    String name = table.getString(POLICY);
    String path = "policies." + ConfigUtil.quoteString(name);
    if (!config.hasPath(path)) {
      throw new ConfigException.BadValue(
          table.getValue(POLICY).origin(), POLICY, "there is no policy " + name);
    }
    Config policy = config.getConfig(path);
    refuseUnknown(policy.root(), Set.of("retention", "legal-basis"));
    return new TableEntry(
        new Policy(policy.getString("retention"), policy.getString("legal-basis")), tags(table));
  }

  private Map<String, Tag> tags(Config lists) {
    Map<String, Tag> tags = new LinkedHashMap<>();
    for (Tag tag : Tag.values()) {
      if (lists.hasPath(tag.word())) {
        for (String column : lists.getStringList(tag.word())) {
          Tag other = tags.put(column, tag);
          if (other != null) {
            throw new ConfigException.BadValue(
                lists.getValue(tag.word()).origin(),
                tag.word(),
                "%s is %s already".formatted(column, other.word()));
          }
        }
      }
    }
    return tags;
  }

  private void refuseUnknown(ConfigObject object, Set<String> known) {
    object.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            throw new ConfigException.BadValue(
                value.origin(), key, "the key is none of " + new TreeSet<>(known));
          }
        });
  }
}
