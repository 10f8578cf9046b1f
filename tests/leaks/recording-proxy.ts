import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

/** One request and its whole answer, as they went over the wire. */
export type Exchange = {
  method: string;
  path: string;
  query: URLSearchParams;
  status: number;
  headers: readonly (readonly [name: string, value: string])[];
  body: Buffer;
};

type Proxy = { exchanges: readonly Exchange[]; close: () => Promise<void> };

/** Stands at the product's address and keeps every answer that the product behind it gives to anybody, uncompressed. */
export async function startRecordingProxy(port: number, productPort: number): Promise<Proxy> {
  const exchanges: Exchange[] = [];
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing, productPort).then(
      (exchange) => exchanges.push(exchange),
      () => outgoing.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  return {
    exchanges,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function pass(incoming: IncomingMessage, outgoing: ServerResponse, port: number): Promise<Exchange> {
  const { method = "GET", url = "/", headers } = incoming;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const passed = { ...headers, "accept-encoding": "identity" };
    incoming.pipe(request({ host: "localhost", port, method, path: url, headers: passed }, resolve).once("error", reject));
  });
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const pairs = Array.from({ length: answer.rawHeaders.length / 2 }, (_, at) => answer.rawHeaders.slice(at * 2, at * 2 + 2));
  const kept = pairs
    .filter(([name = ""]) => !/^(transfer-encoding|connection|keep-alive)$/i.test(name))
    .map(([name = "", value = ""]) => [name, value] as const);
  outgoing.writeHead(answer.statusCode ?? 500, kept.flat()).end(body);
  const { pathname, searchParams } = new URL(url, "http://localhost");
  return { method, path: pathname, query: searchParams, status: answer.statusCode ?? 0, headers: kept, body };
}
