import { createGzip } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Attempt } from "@/db/attempts";
import { exchange } from "@/lib/connections/exchange";
import { attemptOf } from "@/tests/support/journey";
import { useHostileWorld } from "./support/hostile-world";
import { connectionsOf, theRow } from "./support/rows";
import { answeredAttempts, forgetPace, inventions, keyCall, redirects, type Slug, slugs, tokenCall, upToTokens } from "./support/tampered";
import type { WireAnswer } from "./support/wire";

const world = useHostileWorld();

/** One connect whose token answer is changed on the way. */
async function connectWith(slug: Slug, change: (said: string) => WireAnswer | string, call = tokenCall[slug]): Promise<Attempt> {
  const { at, mona } = world;
  await forgetPace();
  const go = await upToTokens(at, mona, slug);
  at.list.push({
    call,
    with: (said) => {
      const changed = change(said);
      return typeof changed === "string" ? { body: changed } : changed;
    },
  });
  return go();
}

const broken: [what: string, change: (said: string) => WireAnswer | string][] = [
  ["a comma too many", (said) => said.replace(/\}$/, ",}")],
  ["single quotes", (said) => said.replaceAll('"', "'")],
  ["a comment", (said) => `/* so */ ${said}`],
  ["a bare NaN", (said) => said.replace(/\}$/, ',"rate":NaN}')],
  ["a second object behind it", (said) => `${said}{}`],
  ["an array", (said) => `[${said}]`],
  ["null", () => "null"],
  ["true", () => "true"],
  ["a number", () => "1e309"],
  ["a string", (said) => JSON.stringify(said)],
  ["a raw control character", (said) => said.replace(/^\{/, '{"note":"\u0001",')],
  ["an escape that is none", (said) => said.replace(/^\{/, '{"note":"\\x",')],
  ["a byte over the limit", (said) => `${said.replace(/\}$/, "")}${" ".repeat(65_536 - Buffer.byteLength(said))} }`],
];

const harmless: [what: string, change: (said: string) => WireAnswer | string][] = [
  ["a byte order mark", (said) => `\uFEFF${said}`],
  ["white space around it", (said) => `\r\n\t ${said} \r\n`],
  ["each key twice", (said) => said.replace(/^\{/, `{${said.slice(1, -1).replaceAll("CNRY-", "CNRY-first-")},`)],
  ["a __proto__", (said) => said.replace(/^\{/, '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},')],
  ["a __proto__ further in", (said) => said.replace(/^\{/, '{"a":[{"__proto__":{"polluted":"yes"}}],')],
  ["names of methods", (said) => said.replace(/^\{/, '{"toString":1,"valueOf":"x","hasOwnProperty":null,"then":{"a":1},"toJSON":true,')],
  ["depth 1,000", (said) => said.replace(/^\{/, `{"deep":${"[".repeat(1_000)}${"]".repeat(1_000)},`)],
  ["65,536 bytes exactly", (said) => `${said}${" ".repeat(65_536 - Buffer.byteLength(said))}`],
  ["another label", (said) => ({ body: said, headers: [["content-type", "text/html; charset=iso-8859-1"]] })],
  ["no label", (said) => ({ body: said, headers: [] })],
  ["a chunked body", (said) => ({ body: said, framing: "chunked" })],
];

const member = (name: string) => (said: string, value: string) =>
  said.replace(new RegExp(`"${name}":("[^"]*"|null)`), `"${name}":${value}`);
const beside = (text: string) => (said: string, value: string) => said.replace(/^\{/, `{${text.replace("?", value)},`);

/** Where a platform's words are compared with known ones: its own Word in the place of each. */
const WORDS: Partial<Record<Slug, ((said: string, value: string) => string)[]>> = {
  noon: [
    member("token_type"),
    beside('"status":{"status_code":?}'),
    beside('"status":{"status_id":?}'),
    beside('"status_code":?'),
    (_, value) => `{"status_code":"INVALID_ARGUMENT","message":${value}}`,
  ],
  ultracart: [member("token_type"), beside('"error":{"error_code":?}'), beside('"error":?')],
  square: [member("token_type"), beside('"errors":[{"code":?,"field":?}]'), beside('"type":?,"message":?'), beside('"error":?')],
  oauth2: [member("token_type"), member("scope"), beside('"error":?'), beside('"error":"invalid_grant","error_description":?')],
};

describe("X-07: hostile JSON", () => {
  it.each(redirects)(`X-07: %s: ${broken.length} broken answers: doubt, nothing is stored`, async (slug) => {
    for (const [what, change] of broken) {
      const attempt = await connectWith(slug, change);
      expect(attempt, what).toMatchObject({ outcome: "unreachable", resultId: null });
    }
    expect(await connectionsOf(world.mona)).toEqual([]);
  });

  it.each([...slugs.map((slug) => [slug, tokenCall[slug]] as const), ["noon", keyCall] as const])(
    `X-07/S-32: %s %s: ${harmless.length} oddities around a whole token: it is stored, and nothing else changes`,
    async (slug, call) => {
      for (const [what, change] of harmless) {
        const attempt = await connectWith(slug, change, call);
        expect(["connected", "renewed"], what).toContain(attempt.outcome);
        const { row, grant } = await theRow(world.mona);
        expect(row.status, what).toBe("active");
        expect(grant.access, what).not.toContain("CNRY-first-");
        expect(({} as { polluted?: string }).polluted, what).toBeUndefined();
      }
    },
  );

  it("X-07/S-32: 10,000 objects deep: no crash, and a token beside them is stored", async () => {
    for (const slug of redirects) {
      const deep = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
      const attempt = await connectWith(slug, (said) => said.replace(/^\{/, `{"deep":${deep},`));
      expect(["connected", "renewed"], slug).toContain(attempt.outcome);
      expect((await connectWith(slug, () => deep)).outcome, slug).toBe("unreachable");
    }
  });

  it.each(Object.entries(WORDS))(
    "X-07/S-32: %s: what has no text where a word belongs is an answer like any other",
    async (slug, changes) => {
      for (const nothing of ['{"toString":1,"valueOf":1}', `${"[".repeat(20_000)}${"]".repeat(20_000)}`, '{"toString":null}'])
        for (const change of changes)
          expect(await connectWith(slug as Slug, (said) => change(said, nothing)), `${change} ${nothing.slice(0, 30)}`).toMatchObject({
            status: "finished",
          });
    },
  );

  it("X-07/S-96: 10 MB, 100 MB in a gzip, and both without an end: doubt at every platform, in flat memory", async () => {
    const { at, mona } = world;
    const large = Buffer.alloc(10_485_760, `{"access_token":"CNRY-`);
    const bomb = await packed(100);
    const gzip = [
      ["content-type", "application/json"],
      ["content-encoding", "gzip"],
    ] as const;
    const answers: WireAnswer[] = [
      { body: large },
      { body: large, framing: "close" },
      { body: bomb, headers: gzip },
      { body: bomb, headers: gzip, framing: "chunked" },
    ];
    const watch = watchMemory();
    for (const slug of redirects) {
      const attempts = await answeredAttempts(mona, slug, answers.length, inventions(at, slug));
      for (const [index, id] of attempts.entries()) {
        at.list.push({ call: tokenCall[slug], with: answers[index] as WireAnswer });
        await exchange(mona, id, at.open);
        expect(await attemptOf(id), `${slug}, answer ${index}`).toMatchObject({ outcome: "unreachable", resultId: null });
      }
    }
    expect(watch.grownMb()).toBeLessThan(64);
  });
});

/** `megabytes` of spaces after the beginning of an object, packed. */
async function packed(megabytes: number): Promise<Buffer> {
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  gzip.on("data", (chunk: Buffer) => chunks.push(chunk));
  gzip.write('{"access_token":"');
  const more = Buffer.alloc(1_048_576, "a");
  for (let at = 0; at < megabytes; at += 1) await new Promise((resolve) => gzip.write(more, resolve));
  await new Promise((resolve) => gzip.end(resolve));
  return Buffer.concat(chunks);
}

function watchMemory() {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 2);
  return {
    grownMb: () => {
      clearInterval(timer);
      return (Math.max(most, process.memoryUsage.rss()) - before) / 1_048_576;
    },
  };
}
