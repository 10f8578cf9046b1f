import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/auth/actor";
import { renew } from "@/lib/connections/renew";
import { testConnection } from "@/lib/connections/test-connection";
import { useEnv } from "@/tests/auth/set-env";
import { listen } from "@/tests/simulators/listen";
import { useDatabase } from "@/tests/support/database";
import { freePort } from "@/tests/support/free-port";
import { attemptOf, connected } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { faultWorld } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = faultWorld();

let square: { close: () => Promise<void> } | undefined;
afterEach(async () => {
  await square?.close();
  square = undefined;
});

/** Does the work in a process of its own, with Square's simulator on a port; resolves to how it ended: a signal, or an exit code. */
async function inProcess(what: "revoke" | "exchange", id: string, actor: UserActor, environment: Record<string, string>) {
  const port = await freePort();
  const { settings } = world.at.simulators.square;
  square = await listen(world.at.simulators.square, port);
  const child = spawn(
    process.execPath,
    ["--conditions=react-server", "--import", "tsx", "tests/faults/doomed-process.ts", what, id, JSON.stringify(actor)],
    {
      env: {
        ...process.env,
        NODE_ENV: "test",
        DATABASE_URL: address(),
        LATCHKEY_DEMO: "1",
        LATCHKEY_ALLOW_PRIVATE_NETWORK: "1",
        SQUARE_CLIENT_ID: settings.clientId,
        SQUARE_CLIENT_SECRET: settings.clientSecret,
        SQUARE_SCOPES: settings.scopes.join(" "),
        SQUARE_API_URL: `http://127.0.0.1:${port}`,
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  const end = await new Promise<string>((resolve) => child.once("close", (code, signal) => resolve(signal ?? String(code))));
  return { end, output };
}

describe("V-01", () => {
  it.each([
    ["before the platform was told", "revoke.claimed", 0],
    ["after the platform had confirmed", "revoke.answered", 1],
  ])("V-01: killed %s: never served again, told again harmlessly, ended once", async (_when, crashAt, told) => {
    const owner = await world.shop("Mona");
    const kept = await connected(world.at, owner, "square");
    const { end, output } = await inProcess("revoke", kept.id, owner, { LATCHKEY_CRASH_AT: crashAt });
    expect(end, output).toBe("SIGKILL");
    expect(world.calls("square", /^revoke$/)).toHaveLength(told);
    // What the platform must be told with is still there, and nobody gets it any more.
    expect(await world.row(kept.id)).toMatchObject({ status: "revoking", access: kept.access, renewal: kept.renewal });
    expect(await renew(owner, kept.id, world.at.open)).toEqual({ kind: "cannot" });
    expect(await testConnection(owner, kept.id, world.at.open)).toEqual({ kind: "cannot" });
    await sweep(world.at.open);
    // The dead process holds its lease, so nobody asks beside it.
    expect(world.calls("square", /^revoke$/)).toHaveLength(told);
    await world.pass(31);
    await sweep(world.at.open);
    expect(await world.row(kept.id)).toMatchObject({ status: "revoked", access: null, renewal: null, revokeConfirmed: "remote" });
    expect(world.calls("square", /^revoke$/)).toHaveLength(told + 1);
    const kinds = (await world.told({ connection: kept.id })).filter((kind) => kind.startsWith("connection.revoke"));
    expect(kinds).toEqual(["connection.revoke_asked", "connection.revoked"]);
    expect(Object.values(world.at.simulators.square.state.refresh).every(({ dead }) => dead)).toBe(true);
  });
});

describe("X-19", () => {
  it("X-19: a process that was given another key sends nothing and names the one that it lacks; one that has it goes on", {
    timeout: 120_000,
  }, async () => {
    const { actor, id } = await world.answered("square");
    const other = `other:${randomBytes(32).toString("base64")}`;
    const { end, output } = await inProcess("exchange", id, actor, { LATCHKEY_KEYS: other });
    expect(end, output).toBe("0");
    expect(output).toContain('"event":"key_missing"');
    expect(output).toContain('"key":"t1"');
    expect(world.redeemed("square")).toEqual([]);
    expect((await attemptOf(id)).status).toBe("answered");
    await world.pass(11);
    await sweep(world.at.open);
    expect((await attemptOf(id)).outcome).toBe("connected");
  });
});
