import { createServer, type Server, type Socket } from "node:net";
import { afterAll } from "vitest";

type RawServer = { port: number; connections: () => number; received: () => string };

/** Puts a server on a loopback port until the file's tests are over. */
export async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

/** A server that speaks bytes: `accept` sees each connection, `answer` the first bytes of its request. */
export async function rawServer(how: { accept?: (socket: Socket) => void; answer?: (socket: Socket) => void }): Promise<RawServer> {
  let connections = 0;
  let received = "";
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      received += bytes.toString("latin1");
    });
    socket.once("data", () => how.answer?.(socket));
    how.accept?.(socket);
  });
  const port = await listening(server);
  return { port, connections: () => connections, received: () => received };
}
