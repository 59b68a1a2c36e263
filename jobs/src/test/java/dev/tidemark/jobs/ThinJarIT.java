package dev.tidemark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The jar for spark-submit holds what is ours and what no cluster has, and nothing else. */
class ThinJarIT {
  private static final Path JAR = Path.of("target/tidemark-jobs.jar");

  @Test
  void nothingThatAClusterProvidesIsInTheJar() throws IOException {
    assertThat(classes(JAR))
        .isNotEmpty()
        .noneMatch(
            name ->
                name.startsWith("org/apache/spark/")
                    || name.startsWith("io/delta/")
                    || name.startsWith("scala/")
                    || name.startsWith("org/apache/hadoop/")
                    || name.startsWith("org/slf4j/")
                    || name.startsWith("org/apache/logging/")
                    || name.startsWith("org/apache/log4j/"));
  }

  @Test
  void theBundledDependenciesAreThoseOfTheCommittedList() throws IOException {
    Map<String, String> origins = origins();
    Set<String> bundled = new TreeSet<>();
    for (String name : classes(JAR)) {
      if (!name.startsWith("dev/tidemark/")) {
        bundled.add(origins.getOrDefault(name, "from nowhere: " + name));
      }
    }

    assertThat(bundled)
        .as("If this is meant, change jobs/bundled-dependencies.txt too")
        .containsExactlyElementsOf(Files.readAllLines(Path.of("bundled-dependencies.txt")));
  }

  @Test
  void theDefaultsOfEveryModuleAreInTheJar() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      ZipEntry entry = jar.getEntry("reference.conf");
      String defaults = new String(jar.getInputStream(entry).readAllBytes());

      assertThat(defaults).contains("database {", "lake {", "spark {}");
    }
  }

  private static List<String> classes(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
          .toList();
    }
  }

  /** For each class of the jars on the tests' class path, the Maven coordinates of its jar. */
  private static Map<String, String> origins() {
    Map<String, String> origins = new TreeMap<>();
    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .map(Path::of)
        .forEach(
            jar -> {
              try {
                classes(jar).forEach(name -> origins.putIfAbsent(name, coordinates(jar)));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return origins;
  }

  /** A local repository keeps a jar in its group's folders / artifact / version. */
  private static String coordinates(Path jar) {
    Path version = jar.getParent();
    Path artifact = version.getParent();
    String group =
        repository().relativize(artifact.getParent()).toString().replace(File.separatorChar, '.');
    return group + ":" + artifact.getFileName() + ":" + version.getFileName();
  }

  /** Where JUnit's jar lies, seen from its group, artifact, version and file. */
  private static Path repository() {
    URL junit = Test.class.getProtectionDomain().getCodeSource().getLocation();
    Path jar = Path.of(URI.create(junit.toString()));
    Path group = jar.getParent().getParent().getParent();
    assertThat(group).endsWithRaw(Path.of("org", "junit", "jupiter"));
    return group.getParent().getParent().getParent();
  }
}
