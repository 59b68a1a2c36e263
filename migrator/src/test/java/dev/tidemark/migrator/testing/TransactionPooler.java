package dev.tidemark.migrator.testing;

import dev.tidemark.migrator.postgres.Database;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * A pooler as PgBouncer is one: clients log in to the server through it, and then each transaction
 * is given whichever session is free, the one that was used last first. In session mode each client
 * keeps its own. Either way the client is told an invented process number.
 */
public final class TransactionPooler implements AutoCloseable {
  private static final int TERMINATE = 'X';
  private static final int BACKEND_KEY = 'K';
  private static final int READY = 'Z';
  private static final int INVENTED = 4711;

  private final Database server;
  private final boolean perTransaction;
  private final ServerSocket listener;
  private final LinkedBlockingDeque<Link> free = new LinkedBlockingDeque<>();

  /** A pooler in front of a server that has no encryption. */
  public TransactionPooler(Database server, boolean perTransaction) {
    this.server = server;
    this.perTransaction = perTransaction;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  /** The database as it is reached through the pooler. */
  public Database database() {
    String url =
        server.jdbcUrl().replaceFirst("//[^/]*/", "//127.0.0.1:" + listener.getLocalPort() + "/");
    return new Database(
        url + (url.contains("?") ? "&" : "?") + "sslmode=disable",
        server.user(),
        server.password());
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Link link : free) {
      link.socket.close();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        daemon(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Link client = new Link(socket);
      Link own = logIn(client);
      boolean parked = !perTransaction;
      if (perTransaction) {
        free.push(own);
      }
      while (true) {
        int type = client.in.read();
        if (type < 0 || type == TERMINATE) {
          break;
        }
        Link session = perTransaction ? free.take() : own;
        session.send(type, client.body());
        // Extended queries come in several messages; the answer comes after their Sync.
        while (type != 'Q' && type != 'S') {
          type = client.in.read();
          session.send(type, client.body());
        }
        while (answer(session, client) != 'I') {
          do {
            type = client.in.read();
            session.send(type, client.body());
          } while (type != 'Q' && type != 'S');
        }
        if (perTransaction) {
          free.push(session);
        }
      }
      if (parked) {
        own.socket.close();
      }
    } catch (IOException e) {
      // The client is gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Passes the log-in through, but for the process number. */
  private Link logIn(Link client) throws IOException {
    URI address = URI.create(server.address().substring("jdbc:".length()));
    Socket upstream = new Socket(address.getHost(), address.getPort());
    upstream.setTcpNoDelay(true);
    Link session = new Link(upstream);
    byte[] startup = client.body();
    session.out.writeInt(startup.length + 4);
    session.out.write(startup);
    session.out.flush();
    while (true) {
      int type = session.in.read();
      byte[] body = session.body();
      if (type == BACKEND_KEY) {
        ByteBuffer.wrap(body).putInt(0, INVENTED);
      }
      client.send(type, body);
      if (type == READY) {
        return session;
      }
      // Of the authentication's messages, only the last and those without a question have no
      // answer.
      if (type == 'R' && asks(body)) {
        session.send(client.in.read(), client.body());
      }
    }
  }

  private static boolean asks(byte[] authentication) {
    int kind = ByteBuffer.wrap(authentication).getInt();
    return kind != 0 && kind != 12;
  }

  /** Passes an answer on; what it returns tells whether a transaction is open. */
  private static int answer(Link session, Link client) throws IOException {
    while (true) {
      int type = session.in.read();
      byte[] body = session.body();
      client.send(type, body);
      if (type == READY) {
        return body[0];
      }
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "transaction-pooler");
    thread.setDaemon(true);
    thread.start();
  }

  /** One side of a conversation. */
  private static final class Link {
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    private Link(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new DataInputStream(socket.getInputStream());
      this.out = new DataOutputStream(socket.getOutputStream());
    }

    private byte[] body() throws IOException {
      byte[] body = new byte[in.readInt() - 4];
      in.readFully(body);
      return body;
    }

    private void send(int type, byte[] body) throws IOException {
      byte[] message = new byte[body.length + 5];
      ByteBuffer.wrap(message).put((byte) type).putInt(body.length + 4).put(body);
      out.write(message);
      out.flush();
    }
  }
}
