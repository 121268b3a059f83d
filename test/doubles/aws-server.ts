import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { DoubleRequest, DoubleResponse } from "./service.ts";

/** Undefined for a connection that is to be dropped. */
export type AnswerRequest = (request: DoubleRequest) => Promise<DoubleResponse | undefined>;

/**
 * Listens on 127.0.0.1, at a port of its own.
 * @param now the time of its answers, in milliseconds since 1970: the SDK corrects its clock by it
 */
export async function startServer(answer: AnswerRequest, now: () => number): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    outgoing.setHeader("date", new Date(now()).toUTCString());
    void serve(incoming, outgoing, answer);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Ends all connections. */
export async function stopServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: AnswerRequest,
): Promise<void> {
  try {
    const response = await answer(await readRequest(incoming));
    if (response === undefined) {
      incoming.socket.destroy();
      return;
    }
    const { status, headers = {}, body = "", ends } = response;
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    outgoing.setHeader("content-length", bytes.length).setHeader("x-amzn-requestid", "0");
    for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
    outgoing.writeHead(status);
    if (ends !== undefined) {
      const half = bytes.subarray(0, bytes.length >> 1);
      outgoing.write(half, () => ends === "cut" && incoming.socket.destroy());
      return;
    }
    outgoing.end(incoming.method === "HEAD" ? undefined : bytes);
  } catch (error) {
    if (outgoing.headersSent || incoming.socket.destroyed) return;
    outgoing.writeHead(500).end(String((error as Error).stack));
  }
}

async function readRequest(incoming: IncomingMessage): Promise<DoubleRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: incoming.method ?? "GET",
    url: new URL(incoming.url ?? "/", "http://127.0.0.1"),
    headers: incoming.headers,
    body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks),
  };
}
