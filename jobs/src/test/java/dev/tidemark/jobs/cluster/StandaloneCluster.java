package dev.tidemark.jobs.cluster;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone cluster on loopback: a master and workers, each a process of its own, from the jars
 * that Maven has resolved.
 */
public final class StandaloneCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Pattern SHARED_BY_SPARK =
      Pattern.compile("(slf4j-api|commons-[a-z0-9]+|xz)-.*");

  private final Path folder;
  private final Path module;
  private final Shape shape;
  private final List<Path> delta = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();
  private final int port;

  private StandaloneCluster(Path folder, Path module, Shape shape, int port) {
    this.folder = folder;
    this.module = module;
    this.shape = shape;
    this.port = port;
  }

  /**
   * What a cluster is like.
   *
   * @param workers how many there are
   * @param cores of each worker
   * @param memoryMebibytes of each worker; its executors take 60 % of it
   * @param executorOptions for their JVMs
   * @param pinned whether each worker is kept to a core of this machine of its own
   */
  public record Shape(
      int workers, int cores, int memoryMebibytes, String executorOptions, boolean pinned) {}

  /**
   * Starts one.
   *
   * @param folder holds its logs and what its workers unpack
   * @param module the folder of the module jobs, in which it is built
   */
  public static StandaloneCluster start(Path folder, Path module, Shape shape) throws Exception {
    StandaloneCluster cluster = new StandaloneCluster(folder, module, shape, freePort());
    try {
      cluster.installSpark();
      cluster.startDaemons();
      return cluster;
    } catch (Exception e) {
      cluster.close();
      throw e;
    }
  }

  String master() {
    return "spark://127.0.0.1:" + port;
  }

  /** Submits the jobs' jar, with Delta beside it as {@code --packages} brings it. */
  public Process submit(Path output, String... arguments) throws IOException {
    List<String> command = java("org.apache.spark.deploy.SparkSubmit");
    command.addAll(List.of("--master", master()));
    command.addAll(List.of("--class", "dev.tidemark.jobs.TidemarkJobs"));
    command.addAll(
        List.of("--jars", String.join(",", delta.stream().map(Path::toString).toList())));
    for (String setting :
        List.of(
            "spark.driver.host=127.0.0.1",
            "spark.driver.bindAddress=127.0.0.1",
            "spark.executor.memory=%dm".formatted(shape.memoryMebibytes() * 6 / 10),
            "spark.sql.shuffle.partitions=4",
            "spark.executor.extraJavaOptions=" + shape.executorOptions())) {
      command.addAll(List.of("--conf", setting));
    }
    command.add(module.resolve("target/tidemark-jobs.jar").toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    Process process =
        process(command).redirectOutput(output.toFile()).redirectError(log("driver")).start();
    processes.add(process);
    return process;
  }

  /** Kills a worker and the executors that it has started, as a power cut would. */
  public void killWorker() throws InterruptedException {
    Process worker = processes.get(1);
    List<ProcessHandle> executors = worker.descendants().toList();
    require(!executors.isEmpty(), "The worker has no executors");
    worker.destroyForcibly();
    executors.forEach(ProcessHandle::destroyForcibly);
    worker.waitFor();
  }

  public String said(String who) throws IOException {
    return Files.readString(log(who).toPath());
  }

  @Override
  public void close() {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  private void installSpark() throws IOException {
    Path jars = Files.createDirectories(folder.resolve("spark/jars"));
    for (Path jar : classPath(module.resolve("target/class-path/provided.txt"))) {
      if (name(jar).startsWith("delta-")) {
        delta.add(jar);
      } else {
        link(jars, jar);
      }
    }
    // Jars that we need as well as Spark, which Maven therefore does not count as Spark's.
    for (Path jar : classPath(module.resolve("target/class-path/own.txt"))) {
      if (SHARED_BY_SPARK.matcher(name(jar)).matches()) {
        link(jars, jar);
      }
    }
    require(!delta.isEmpty(), "There is no Delta among the jars");
  }

  private static List<Path> classPath(Path file) throws IOException {
    return Arrays.stream(Files.readString(file).strip().split(File.pathSeparator))
        .map(Path::of)
        .filter(Files::isRegularFile)
        .toList();
  }

  private static void link(Path folder, Path jar) throws IOException {
    Path link = folder.resolve(name(jar));
    if (!Files.exists(link)) {
      Files.createSymbolicLink(link, jar);
    }
  }

  private static String name(Path jar) {
    return jar.getFileName().toString();
  }

  private void startDaemons() throws Exception {
    List<String> master = java("org.apache.spark.deploy.master.Master");
    master.addAll(List.of("--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0"));
    daemon("master", master);
    await("master", "I have been elected leader", 1);
    for (int number = 1; number <= shape.workers(); number++) {
      List<String> worker = new ArrayList<>();
      if (shape.pinned()) {
        worker.addAll(List.of("taskset", "-c", "" + (number - 1)));
      }
      worker.addAll(java("org.apache.spark.deploy.worker.Worker"));
      worker.addAll(List.of("--host", "127.0.0.1", "--webui-port", "0"));
      worker.addAll(List.of("--memory", shape.memoryMebibytes() + "m"));
      worker.addAll(List.of("--cores", "" + shape.cores()));
      worker.addAll(List.of("--work-dir", folder.resolve("work-" + number).toString(), master()));
      daemon("worker-" + number, worker);
    }
    await("master", "Registering worker", shape.workers());
  }

  private void daemon(String name, List<String> command) throws IOException {
    processes.add(process(command).redirectErrorStream(true).redirectOutput(log(name)).start());
  }

  private void await(String who, String text, int times) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (said(who).split(text, -1).length <= times) {
      require(processes.stream().allMatch(Process::isAlive), said(who));
      require(Instant.now().isBefore(deadline), said(who));
      Thread.sleep(50);
    }
  }

  private ProcessBuilder process(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", folder.resolve("spark").toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  private List<String> java(String mainClass) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx1g"));
    Path options = module.resolve("../conf/spark-jvm.options");
    try (Stream<String> lines = Files.lines(options)) {
      lines.filter(line -> line.startsWith("--")).forEach(command::add);
    }
    command.addAll(List.of("-cp", folder.resolve("spark/jars") + "/*", mainClass));
    return command;
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }

  private File log(String who) {
    return folder.resolve(who + ".log").toFile();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
