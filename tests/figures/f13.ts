import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTrap } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { dnsStub } from "@/tests/support/dns-stub";
import { type Change, changedBundle } from "./changed-bundle";
import { connectsOf } from "./f13/connects";
import { answer, literalUrls, names, nameUrls, PUBLIC, redirects } from "./f13/plan";
import { doesOf, type Figure } from "./figure";

const HTTP = "lib/http.ts";
const changes: Record<string, { does: string; changes: Change[] }> = {
  "one-is-enough": {
    does: "of several addresses one that is public is enough",
    changes: [
      {
        file: HTTP,
        from: "!addresses.every(({ address }) => reachable(address))",
        to: "!addresses.some(({ address }) => reachable(address))",
      },
    ],
  },
  "not-at-the-connection": {
    does: "addresses are judged as they are written, never as they are resolved",
    changes: [
      { file: HTTP, from: "lookup: guarded as never", to: "lookup: ((host, how, done) => lookup(host, how as never, done)) as never" },
    ],
  },
  "names-alone": {
    does: "addresses are judged as they are resolved, never as they are written",
    changes: [
      { file: HTTP, from: "if (isIP(host) && !reachable(host)) throw", to: "if (false) throw" },
      { file: HTTP, from: "if (isIP(host) && !mayConnect(host, allowLoopback)) throw", to: "if (false) throw" },
    ],
  },
  "follows-redirects": { does: "redirects are followed", changes: [{ file: HTTP, from: 'redirect: "manual"', to: 'redirect: "follow"' }] },
  "remembers-names": {
    does: "a name that was good once is good for ever",
    changes: [
      {
        file: HTTP,
        from: "if (addresses.length === 0 || !addresses.every(({ address }) => reachable(address)))",
        to: "const good = ((globalThis as { good?: Set<string> }).good ??= new Set()); if (addresses.every(({ address }) => reachable(address))) good.add(host); if (addresses.length === 0 || !good.has(host))",
      },
    ],
  },
};

/** Something that listens where a caller who was led astray would come. */
async function trap(host: string): Promise<{ caught: () => number; close: () => void }> {
  let caught = 0;
  const server = createTrap((socket) => {
    caught += 1;
    socket.on("error", () => undefined).destroy();
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(8443, host, resolve));
  return { caught: () => caught, close: () => void server.close() };
}

export const figure: Figure = {
  title: "Addresses that are not public, in every spelling and by every name, and what the kernel was asked to connect to",
  mutants: doesOf(changes),
  gate: ["external"],
  night: ["external"],
  complete: true,
  measure: async ({ mutant }) => {
    if (spawnSync("strace", ["-V"]).status !== 0) throw new Error("strace is needed, so that the kernel is the witness.");
    const folder = mkdtempSync(join(tmpdir(), "latchkey-f13-"));
    const program = await changedBundle("tests/figures/f13/caller.ts", mutant === null ? [] : (changes[mutant]?.changes ?? []));
    const stub = await dnsStub(answer);
    const traps = await Promise.all(["127.0.0.1", "::1"].map(trap));
    const redirector = createServer((request, response) => {
      const query = new URL(request.url ?? "/", "http://localhost").searchParams;
      response.writeHead(Number(query.get("status")), { location: query.get("to") ?? "" }).end();
    });
    await new Promise<void>((resolve) => redirector.listen(0, "127.0.0.1", resolve));
    const port = (redirector.address() as AddressInfo).port;
    try {
      const trace = join(folder, "connects");
      const said = await run(["-f", "-e", "trace=connect", "-o", trace, process.execPath, program, String(stub.port), String(port)]);
      const ends = JSON.parse(said) as Record<string, number>;
      const own = (to: { address: string; port: number }) => to.address === "127.0.0.1" && [stub.port, port].includes(to.port);
      const connects = connectsOf(readFileSync(trace, "utf8")).filter((to) => !own(to));
      const forbidden = connects.filter(({ address }) => !PUBLIC.some((allowed) => allowed === address));
      const caught = traps.reduce((sum, one) => sum + one.caught(), 0);
      const bugs = Object.entries(ends).filter(([end]) => end.startsWith("bug"));
      const calls = Object.values(ends).reduce((sum, many) => sum + many, 0);
      const seen = connects.length - forbidden.length;
      if (seen === 0) throw new Error("The witness has seen no connection at all, not even those that are allowed.");
      return {
        n: calls,
        of: "calls",
        failures: forbidden.length + caught + bugs.length,
        line:
          `${calls} calls to ${literalUrls.length} spellings of addresses, ${names.length} names (rebinding and mixed answers among them) and ` +
          `${redirects.length * 5} redirects: the kernel was asked for ${connects.length} connections, ${forbidden.length} of them to addresses that are not public; ` +
          `${caught} came to a trap`,
        result: {
          spellings: literalUrls.length,
          names: names.length,
          callsByName: nameUrls.length,
          redirects: redirects.length * 5,
          connects: connects.length,
          forbidden: [...new Set(forbidden.map(({ address, port: at }) => `${address} ${at}`))],
          trapped: caught,
          ends,
          asked: stub.asked.length,
          witness: "strace -f -e trace=connect",
        },
      };
    } finally {
      for (const one of traps) one.close();
      redirector.closeAllConnections();
      redirector.close();
      await stub.close();
      rmSync(folder, { recursive: true });
      rmSync(dirname(program), { recursive: true });
    }
  },
  notTested: ["other kernels and resolvers than this machine's", "an RFC 1918 address with a listener: the kernel's word stands for it"],
};

function run(values: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("strace", values, { stdio: ["ignore", "pipe", "inherit"], env: { PATH: process.env.PATH, NODE_ENV: "test" } });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.once("error", reject).once("close", (code) => (code === 0 ? resolve(said) : reject(new Error(`The caller ended with ${code}.`))));
  });
}
