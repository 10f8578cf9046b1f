import { type AddressInfo, createServer } from "node:net";
import { setPriority } from "node:os";
import { kinds } from "./kinds";

/** One connection as the platform saw it: what was asked for, and how long it was held. */
export type Call = { kind: string; path: string; ms: number };
export type Told = { ports: Record<string, number> } | { open: number; calls: Call[] };

// Elsewhere, in the world: what pouring costs its own machine is not to be its victims' neighbours'.
setPriority(10);
let open = 0;
let calls: Call[] = [];

async function listen(kind: string): Promise<number> {
  const server = createServer((socket) => {
    const began = performance.now();
    let heard = "";
    open += 1;
    socket
      .on("error", () => undefined)
      .once("close", () => {
        open -= 1;
        calls.push({ kind, path: heard.split(" ", 2)[1] ?? "", ms: performance.now() - began });
      });
    socket.on("data", (bytes) => {
      heard += bytes.toString("latin1");
    });
    socket.once("data", () => kinds[kind]?.answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const ports = Object.fromEntries(await Promise.all(Object.keys(kinds).map(async (kind) => [kind, await listen(kind)] as const)));
process.on("message", () => {
  process.send?.({ open, calls } satisfies Told);
  calls = [];
});
process.on("disconnect", () => process.exit(0));
process.send?.({ ports } satisfies Told);
