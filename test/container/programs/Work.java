// A load for a profile: threads, files and a connection of its own. With an argument it also starts a program.
import java.io.*;
import java.net.*;
import java.nio.file.*;

public class Work {
  public static void main(String[] args) throws Exception {
    Thread[] all = new Thread[4];
    for (int i = 0; i < all.length; i++) (all[i] = new Thread(() -> "x".repeat(1 << 20).hashCode())).start();
    for (Thread thread : all) thread.join();
    Path file = Files.writeString(Path.of("/tmp/x"), "x");
    System.out.println(Files.readString(file) + Files.list(Path.of("/www")).count());
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Thread writer = new Thread(() -> {
        try (Socket s = server.accept()) {
          s.getOutputStream().write("hello".getBytes());
        } catch (IOException e) {
          System.out.println(e);
        }
      });
      writer.start();
      try (Socket s = new Socket("127.0.0.1", server.getLocalPort())) {
        System.out.println(new String(s.getInputStream().readAllBytes()));
      }
      writer.join();
    }
    if (args.length > 0) System.out.println(new ProcessBuilder("/bin/busybox", "true").start().waitFor());
  }
}
