/** Starts Trino's own server. Its release adds only such a main class to trino-main, in an artifact that Maven Central lacks. */
final class TrinoServer {
  public static void main(String[] args) {
    new io.trino.server.Server().start("435");
  }
}
