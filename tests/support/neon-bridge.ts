import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { neonConfig } from "@neondatabase/serverless";

function frame(payload: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head[0] = 0x82;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}

/** Takes whole frames off the front of what has come; a client's frames are masked. */
function unframe(come: Buffer): { payloads: Buffer[]; rest: Buffer; closed: boolean } {
  const payloads: Buffer[] = [];
  for (let rest = come; ; ) {
    const [first, second] = [rest[0], rest[1]];
    if (first === undefined || second === undefined) return { payloads, rest, closed: false };
    if ((first & 0x0f) === 8) return { payloads, rest, closed: true };
    const short = second & 0x7f;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (rest.length < start) return { payloads, rest, closed: false };
    const length = short === 126 ? rest.readUInt16BE(2) : short === 127 ? Number(rest.readBigUInt64BE(2)) : short;
    const end = start + 4 + length;
    if (rest.length < end) return { payloads, rest, closed: false };
    const mask = rest.subarray(start, start + 4);
    payloads.push(Buffer.from(rest.subarray(start + 4, end).map((byte, at) => byte ^ (mask[at & 3] ?? 0))));
    rest = rest.subarray(end);
  }
}

function bridge(client: Socket, server: Socket) {
  let waiting = Buffer.alloc(0);
  client.on("data", (chunk) => {
    const { payloads, rest, closed } = unframe(Buffer.concat([waiting, chunk]));
    waiting = Buffer.from(rest);
    for (const payload of payloads) server.write(payload);
    if (closed) client.end();
  });
  server.on("data", (chunk) => client.write(frame(chunk)));
  for (const [one, other] of [[client, server] as const, [server, client] as const]) {
    one.on("error", () => undefined);
    one.on("close", () => other.destroy());
  }
}

/** Stands where Neon's WebSocket endpoint stands: every WebSocket is a TCP connection to the `host:port` that its address names. */
export async function startNeonBridge(): Promise<{ host: string; end: () => void }> {
  const sockets = new Set<Socket>();
  const http = createServer();
  http.on("upgrade", (request, client: Socket) => {
    const [host, port] = new URL(request.url ?? "/", "http://bridge").searchParams.get("address")?.split(":") ?? [];
    sockets.add(client);
    client.once("close", () => sockets.delete(client));
    const accept = createHash("sha1")
      .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    client.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    bridge(client, connect({ host, port: Number(port), noDelay: true }));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(http.address() as AddressInfo).port}`,
    end() {
      for (const socket of sockets) socket.destroy();
      http.close();
    },
  };
}

/** Leads this process's Neon driver to the bridge. All else stays as it is for Neon, as the password in clear before it is asked for. */
export function useNeonBridge(host: string): void {
  neonConfig.wsProxy = (server, port) => `${host}/?address=${server.replace(/\.neon\.tech$/, "")}:${port}`;
  neonConfig.useSecureWebSocket = false;
}
