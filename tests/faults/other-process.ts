import { type ChildProcess, fork } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach } from "vitest";
import { keepOutput } from "@/tests/leaks/run-folder";
import { listen } from "@/tests/simulators/listen";
import type { Simulator } from "@/tests/simulators/simulator";
import { bundleProcesses } from "@/tests/support/bundle-processes";
import { freePort } from "@/tests/support/free-port";
import type { Platforms } from "@/tests/support/journey";

const entryPoints = {
  doomed: "tests/faults/doomed-process.ts",
  holder: "tests/faults/holder-process.ts",
  server: "server.ts",
};
const folder = join(process.cwd(), "node_modules", ".cache", `latchkey-faults-${process.pid}`);
let bundled: Promise<unknown> | undefined;

/** Once for a file. */
function bundle(): Promise<unknown> {
  bundled ??= bundleProcesses(entryPoints, folder);
  return bundled;
}

export type OtherProcess = {
  child: ChildProcess;
  /** How it ended: a signal, or an exit code. */
  ended: Promise<string>;
  output: () => string;
};

/** Processes beside the test's own that work on its database, and simulators that they reach by a port. Whatever is left is ended. */
export function useOtherProcesses(address: () => string) {
  const running = new Set<OtherProcess>();
  const servers: { close: () => Promise<void> }[] = [];

  afterEach(async () => {
    for (const { child } of running) child.kill("SIGKILL");
    await Promise.all([...running].map(({ ended }) => ended));
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Puts a simulator on a port; resolves to its address. */
  async function serve(simulator: Simulator): Promise<string> {
    const port = await freePort();
    servers.push(await listen(simulator, port));
    return `http://127.0.0.1:${port}`;
  }

  async function begin(what: keyof typeof entryPoints, values: string[], environment: Record<string, string>): Promise<OtherProcess> {
    await bundle();
    const child = fork(join(folder, `${what}.mjs`), values, {
      execArgv: [],
      env: {
        ...process.env,
        NODE_ENV: "test",
        DATABASE_URL: address(),
        LATCHKEY_DEMO: "1",
        LATCHKEY_ALLOW_PRIVATE_NETWORK: "1",
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        keepOutput(`${what}-${child.pid}`, chunk.toString());
      });
    const ended = new Promise<string>((resolve) => child.once("close", (code, signal) => resolve(signal ?? String(code))));
    const other: OtherProcess = { child, ended, output: () => output };
    running.add(other);
    void ended.then(() => running.delete(other));
    return other;
  }

  return { serve, begin };
}

/** What a process must be given to reach simulators at these addresses, as the client that they know. */
export function environmentOf(
  { simulators, webhookKey }: Platforms,
  at: { oauth2?: string; square?: string; norce?: string; ultracart?: string; noon?: string },
) {
  const { oauth2, square, ultracart, noon } = simulators;
  return {
    ...(at.noon && {
      NOON_CLIENT_ID: noon.settings.clientId,
      NOON_CLIENT_SECRET: noon.settings.clientSecret,
      NOON_KEY_ID: noon.settings.keyId,
      NOON_PRIVATE_KEY: noon.settings.privateKey,
      NOON_PROJECT_CODE: noon.settings.projectCode,
      NOON_AUTHORIZE_URL: noon.settings.authorizeUrl,
      NOON_API_URL: at.noon,
    }),
    ...(at.oauth2 && {
      OAUTH2_CLIENT_ID: oauth2.client.id,
      OAUTH2_CLIENT_SECRET: oauth2.client.secret,
      OAUTH2_AUTHORIZE_URL: `${at.oauth2}/authorize`,
      OAUTH2_TOKEN_URL: `${at.oauth2}/token`,
      OAUTH2_SCOPES: "openid orders.read",
    }),
    ...(at.square && {
      SQUARE_CLIENT_ID: square.settings.clientId,
      SQUARE_CLIENT_SECRET: square.settings.clientSecret,
      SQUARE_SCOPES: square.settings.scopes.join(" "),
      SQUARE_API_URL: at.square,
      SQUARE_WEBHOOK_KEY: webhookKey,
    }),
    ...(at.norce && {
      NORCE_ORIGIN_TEMPLATE: `${at.norce}/{slug}/{region}/{environment}`,
      NORCE_STORM_TOKEN_URL: `${at.norce}/storm/1.0/connect/token`,
    }),
    ...(at.ultracart && {
      ULTRACART_CLIENT_ID: ultracart.clientId,
      ULTRACART_CLIENT_SECRET: ultracart.state.secret ?? "",
      ULTRACART_SCOPES: "item_read order_read",
      ULTRACART_API_URL: `${at.ultracart}/rest/v2`,
    }),
  };
}
