package dev.tidemark.migrator.testing;

import dev.tidemark.migrator.postgres.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network between a client and a Postgres that breaks at a chosen moment, once and for all its
 * connections. Moments are messages from the client: a text in one of them, or its number.
 */
public final class CuttingProxy implements AutoCloseable {
  /** What happens to the message at which the network breaks. */
  public enum Cut {
    /** The server never sees it. */
    BEFORE,
    /** The server sees it, the client never hears of it. */
    AFTER,
    /** The server sees it, and does not notice that the connection which it came by is gone. */
    STRANDED
  }

  private final Database server;
  private final ServerSocket listener;
  private final List<Socket> clients = new CopyOnWriteArrayList<>();
  private final List<Socket> servers = new CopyOnWriteArrayList<>();
  private final AtomicInteger messages = new AtomicInteger();

  private volatile String awaited = "";
  private volatile String text;
  private volatile int number = Integer.MAX_VALUE;
  private volatile Cut cut;
  private volatile boolean broken;

  /** A network in front of a server that has no encryption. */
  public CuttingProxy(Database server) {
    this.server = server;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  /** The database as it is reached through this network. */
  public Database database() {
    String url =
        server.jdbcUrl().replaceFirst("//[^/]*/", "//127.0.0.1:" + listener.getLocalPort() + "/");
    return new Database(url, server.user(), server.password());
  }

  /** Breaks at the first message with this text in it. */
  public CuttingProxy at(String newText, Cut newCut) {
    this.text = newText;
    this.cut = newCut;
    return this;
  }

  /** Breaks at the first message with this text in it that comes after one with another text. */
  public CuttingProxy at(String earlierText, String newText, Cut newCut) {
    this.awaited = earlierText;
    return at(newText, newCut);
  }

  /** Breaks at a message by its number, from 1. */
  public CuttingProxy at(int newNumber, Cut newCut) {
    this.number = newNumber;
    this.cut = newCut;
    return this;
  }

  /** How many messages clients have sent up to now. */
  public int messages() {
    return messages.get();
  }

  /** Whether it is broken. */
  public boolean isBroken() {
    return broken;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    clients.forEach(CuttingProxy::close);
    servers.forEach(CuttingProxy::close);
  }

  private void accept() {
    URI address = URI.create(server.address().substring("jdbc:".length()));
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        Socket upstream = new Socket(address.getHost(), address.getPort());
        upstream.setTcpNoDelay(true);
        clients.add(client);
        servers.add(upstream);
        daemon(() -> forward(client, upstream));
        daemon(() -> answer(upstream, client));
        if (broken) {
          close(client);
          close(upstream);
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private void forward(Socket client, Socket upstream) {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream from = client.getInputStream();
      OutputStream to = upstream.getOutputStream();
      for (int length = from.read(buffer); length > 0; length = from.read(buffer)) {
        boolean now = isMoment(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
        if (broken && !now) {
          return;
        }
        if (!now || cut != Cut.BEFORE) {
          to.write(buffer, 0, length);
          to.flush();
        }
        if (now) {
          breakDown(upstream);
          return;
        }
      }
      upstream.shutdownOutput();
    } catch (IOException e) {
      close(client);
    }
  }

  private synchronized boolean isMoment(String message) {
    int count = messages.incrementAndGet();
    boolean named = text != null && awaited.isEmpty() && message.contains(text);
    boolean now = !broken && (count == number || named);
    if (message.contains(awaited)) {
      awaited = "";
    }
    broken |= now;
    return now;
  }

  /** The server gets what was sent, then the end of the stream; what it answers is lost. */
  private void breakDown(Socket moment) throws IOException {
    clients.forEach(CuttingProxy::close);
    for (Socket upstream : servers) {
      if (cut != Cut.STRANDED || upstream != moment) {
        upstream.shutdownOutput();
      }
    }
  }

  private void answer(Socket upstream, Socket client) {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream from = upstream.getInputStream();
      for (int length = from.read(buffer); length > 0; length = from.read(buffer)) {
        if (!broken) {
          client.getOutputStream().write(buffer, 0, length);
        }
      }
      close(client);
    } catch (IOException e) {
      if (!broken) {
        close(client);
      }
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "cutting-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
