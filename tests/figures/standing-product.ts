import { answers, startProduct } from "@/tests/demo/product";
import { type Ports, places, startWorld, type World } from "@/tests/demo/world";
import { freePort } from "@/tests/support/free-port";

export type Standing = {
  url: string;
  pid: number;
  world: World;
  lines: readonly string[];
  /** What it ended by, where it has. */
  ended: () => number | NodeJS.Signals | null;
  close: () => Promise<void>;
};

type Other = {
  /** Where the build is, if not here. */
  folder?: string | undefined;
  /** Loaded before the server. */
  before?: string;
};

/** The built product over that database, with simulated platforms. */
export async function standingProduct(address: string, { folder, before }: Other = {}): Promise<Standing> {
  const ports = Object.fromEntries(await Promise.all(places.map(async (id) => [id, await freePort()] as const))) as Ports;
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const world = await startWorld({ productUrl: url, ports });
  const lines: string[] = [];
  const product = startProduct({
    environment: {
      ...world.environment,
      DATABASE_URL: address,
      LATCHKEY_KEYS: process.env.LATCHKEY_KEYS ?? "",
      AUTH_SECRET: process.env.AUTH_SECRET ?? "",
      LATCHKEY_WORKER: "0",
      PORT: String(port),
    },
    onLine: (line) => lines.push(line),
    folder,
    program: [...(before === undefined ? [] : ["--import", before]), "dist/server.js"],
  });
  let end: number | NodeJS.Signals | null = null;
  void product.ended.then((by) => {
    end = by;
  });
  const close = async () => {
    await product.stop();
    await world.close();
  };
  if (await answers(product, 120_000)) return { url, pid: product.pid, world, lines, ended: () => end, close };
  await close();
  throw new Error(`The product did not start:\n${lines.slice(-20).join("\n")}`);
}
