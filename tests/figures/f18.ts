import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { dirname } from "node:path";
import { revokeKey } from "@/db/api-keys";
import { transaction } from "@/db/client";
import { crockford } from "@/db/new-id";
import { createKey } from "@/lib/keys/create-key";
import { isKeyToken, keyHint, newKeyToken } from "@/lib/keys/key-token";
import { asActor, makePerson, moveClock } from "@/tests/auth/people";
import { type Change, changedBundle } from "./changed-bundle";
import { doesOf, type Figure, randomOf } from "./figure";
import { mannWhitney } from "./mann-whitney";

const GATE = 1_000;
const NIGHT = 20_000;
const WARM_UP = 100;
/** A key's parts: what is random in it, and its checksum. */
const BODY = 32;
const SUM = 6;
/** A class that is told from another by its time is seen so far from a coin's toss, at the near end of the interval. */
const NOISE = 0.05;
/** `control` is `unknown` once more: what differs between these two is noise. */
const classes = ["unknown", "control", "beginning", "revoked", "expired"] as const;

const changes: Record<string, { does: string; changes: Change[] }> = {
  "asks-about-known-ones": {
    does: "whether a key was ever made is asked first, and whether it is good only then",
    changes: [
      {
        file: "lib/keys/find-key.ts",
        from: "return isKeyToken(token) ? findLiveKey(database(), hashToken(token)) : null;",
        to: 'const hash = hashToken(token); const known = isKeyToken(token) ? await database().execute("select 1 from api_keys where token_hash = \'" + hash + "\'") : null; return known?.rows.length ? findLiveKey(database(), hash) : null;',
      },
    ],
  },
};

/** A well-formed key that was never made and begins as that one does, for as long as a person sees of it. */
function beginningLike(token: string): string {
  const body = keyHint(token).slice(3) + newKeyToken().slice(8, 3 + BODY);
  return `lk_${body}${crockford(createHash("sha256").update(body).digest().subarray(0, SUM))}`;
}

export const figure: Figure = {
  title: "How long keys that are not good take to be refused, by why they are not: told apart by nobody",
  mutants: doesOf(changes),
  gate: ["external"],
  night: ["external"],
  measure: async ({ seed, long, many, mutant, address, say }) => {
    const each = many ?? (long ? NIGHT : GATE);
    const { id } = await makePerson("omar@latchkey.example", "admin");
    const made = (days: number) =>
      createKey(asActor(id), {
        name: "orders-sync",
        scopes: ["connections:read"],
        days,
        merchantIds: null,
        offers: null,
        requestsPerSecond: 100,
      });
    const expired = await made(1);
    await moveClock("25 hours");
    const [revoked, good] = [await made(30), await made(30)];
    await transaction((tx) => revokeKey(tx, revoked.id, id));
    if (!isKeyToken(beginningLike(good.token))) throw new Error("What begins like a key is none, so that it is refused at once.");
    const tokenOf: Record<(typeof classes)[number], () => string> = {
      unknown: newKeyToken,
      control: newKeyToken,
      beginning: () => beginningLike(good.token),
      revoked: () => revoked.token,
      expired: () => expired.token,
    };
    const program = await changedBundle("tests/figures/f18/server.ts", mutant === null ? [] : (changes[mutant]?.changes ?? []));
    const server = fork(program, [], {
      execArgv: ["--conditions=react-server"],
      env: { ...process.env, DATABASE_URL: address, NODE_ENV: "test" },
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const port = await new Promise<number>((resolve, reject) => {
        server
          .once("message", (told) => resolve(Number(told)))
          .once("exit", (code) => reject(new Error(`The listener ended with ${code}.`)));
      });
      const random = randomOf(seed);
      const took: Record<string, number[]> = Object.fromEntries(classes.map((name) => [name, []]));
      let otherwise = 0;
      for (let round = -WARM_UP; round < each; round += 1) {
        // In another order each time, so that nobody always comes after the same one.
        for (const name of [...classes].sort(() => random() - 0.5)) {
          const token = tokenOf[name]();
          const began = performance.now();
          if ((await ask(agent, port, token)) !== 401) otherwise += 1;
          if (round >= 0) took[name]?.push((performance.now() - began) * 1_000);
        }
        if (round > 0 && round % 1_000 === 0) say(`  ${round} rounds`);
      }
      const apart = Object.fromEntries(classes.slice(1).map((name) => [name, mannWhitney(took[name] ?? [], took.unknown ?? [])]));
      const told = Object.entries(apart).filter(([, { effect, low, high }]) => (effect > 0.5 ? low - 0.5 : 0.5 - high) > NOISE);
      const mediansUs = Object.fromEntries(classes.map((name) => [name, median(took[name] ?? [])]));
      return {
        n: each * classes.length,
        of: "refusals",
        failures: told.length + otherwise,
        line:
          `${each} refusals each, in turn, over loopback: medians ${classes.map((name) => `${name} ${mediansUs[name]} µs`).join(", ")}; ` +
          `slower than an unknown one in ${Object.entries(apart)
            .map(([name, { effect, low, high }]) => `${percent(effect)} (${percent(low)} to ${percent(high)}) of pairs: ${name}`)
            .join("; ")}`,
        result: {
          each,
          mediansUs,
          slowerThanUnknown: apart,
          noise: NOISE,
          toldApart: told.map(([name]) => name),
          otherwiseAnswered: otherwise,
        },
      };
    } finally {
      agent.destroy();
      server.kill();
      rmSync(dirname(program), { recursive: true });
    }
  },
  notTested: ["a network between: what it hides was not measured", "many who measure at once", "differences below what the interval says"],
};

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const median = (values: readonly number[]) => Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);

function ask(agent: Agent, port: number, token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      port,
      host: "127.0.0.1",
      path: "/api/v1/connections/con_nowhere",
      headers: { authorization: `Bearer ${token}` },
    };
    request(options, (response) => response.resume().once("end", () => resolve(response.statusCode ?? 0)))
      .once("error", reject)
      .end();
  });
}
