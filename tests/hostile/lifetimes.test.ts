import { describe, expect, it } from "vitest";
import { testConnection } from "@/lib/connections/test-connection";
import { someOf } from "@/tests/support/at-length";
import { useHostileWorld } from "./support/hostile-world";
import { theRow } from "./support/rows";
import { forgetPace, type Slug, tokenCall, upToTokens } from "./support/tampered";

const world = useHostileWorld();

/** What may stand in the place of a lifetime, as JSON text; null: the member is not there. `s`: the seconds that it truly tells. */
const every: [text: string | null, s: number | null][] = [
  ["3600", 3600],
  ['"3600"', 3600],
  ["3600.9", 3600],
  ["3.6e3", 3600],
  ["315360000", 315_360_000],
  ["1", 1],
  [null, null],
  ["null", null],
  ["true", null],
  ["false", null],
  ["0", null],
  ['"0"', null],
  ["-0", null],
  ["0.5", null],
  ["-1", null],
  ['"-5"', null],
  ["-1e18", null],
  ["1e18", null],
  ["1e308", null],
  ["1e309", null],
  ["315360001", null],
  ["1790000000000", null],
  ["9007199254740993", null],
  ['"1e3"', null],
  ['"3600 s"', null],
  ['"3600 "', null],
  ['""', null],
  ['" "', null],
  ['"0x10"', null],
  ['"3600abc"', null],
  ['"PT1H"', null],
  ['"NaN"', null],
  ['"Infinity"', null],
  ['"٣٦٠٠"', null],
  ['"3600\\u0000"', null],
  ['"999999999999999999999999"', null],
  ["[]", null],
  ["[3600]", null],
  ["{}", null],
  ['{"seconds":3600,"nanos":0}', null],
  ['{"valueOf":1,"toString":1}', null],
];

const lifetimes = someOf(every, 14);

/** Square names a moment instead; the same nonsense may stand there. */
const moments: [text: string | null, s: number | null][] = [
  ...lifetimes.map(([text]): [string | null, null] => [text, null]),
  ['"2026-02-31T25:61:00Z"', null],
  ['"+275760-09-13T00:00:00.001Z"', null],
  ['"0001-01-01T00:00:00Z"', null],
  ['"9999-12-31T23:59:59Z"', null],
  ['"infinity"', null],
  ['"Sat, 21 Nov 2026 00:00:00 GMT"', null],
];

/** Connects with each of them in turn: the token is there and can be read, and the end that is told is the true one or none. */
async function eachIsStored(slug: Slug, member: string, values: typeof lifetimes, unknownS: number | null = null): Promise<void> {
  const { at, mona } = world;
  for (const [text, s] of values) {
    await forgetPace();
    let access = "";
    const go = await upToTokens(at, mona, slug);
    at.list.push({
      call: tokenCall[slug],
      with: (said) => {
        const { [member]: _, ...rest } = JSON.parse(said) as Record<string, unknown>;
        access = String(rest.access_token);
        const body = JSON.stringify(rest);
        return { body: text === null ? body : body.replace(/^\{/, `{"${member}":${text},`) };
      },
    });
    const begun = Date.now();
    const attempt = await go();
    const what = `${member}: ${text}`;
    expect(["connected", "renewed"], what).toContain(attempt.outcome);
    const { row, grant } = await theRow(mona);
    expect(row, what).toMatchObject({ status: "active", failures: 0, trouble: null });
    // Noon's token is spent for a key at once; what it serves is the key's session.
    expect(slug === "noon" ? grant.access?.includes("_npsid=") : grant.access === access, what).toBe(true);
    expect(row.renewal, what).not.toBeNull();
    const livesS = row.expiresAt && (row.expiresAt.getTime() - begun) / 1000;
    const wanted = slug === "noon" || slug === "square" ? undefined : (s ?? unknownS);
    if (wanted === null) expect(livesS, what).toBeNull();
    else if (wanted !== undefined) expect(Math.abs((livesS ?? Number.NaN) - wanted), what).toBeLessThan(10);
    expect(row.nextRefreshAt === null || row.nextRefreshAt.getTime() >= begun, what).toBe(true);
  }
  await forgetPace();
  expect((await testConnection(mona, (await theRow(mona)).row.id, at.open)).kind).toBe("works");
}

describe("X-08/S-27: a lifetime that is none", () => {
  it(`X-08: ultracart: ${lifetimes.length} values of expires_in: stored, told truly or not at all`, () =>
    eachIsStored("ultracart", "expires_in", lifetimes));

  it(`X-08: oauth2: ${lifetimes.length} values of expires_in: stored, told truly or not at all`, async () => {
    const { switches } = world.at.simulators.oauth2;
    // Introspection knows better than the token answer, so it is asked of nobody here.
    switches.noIntrospection = true;
    await eachIsStored("oauth2", "expires_in", lifetimes);
    switches.noIntrospection = false;
  });

  it(`X-08: noon: ${lifetimes.length} values of expires_in and a protobuf's 3600s: stored`, () =>
    eachIsStored("noon", "expires_in", [...lifetimes, ['"3600s"', 3600], ['"-3600s"', null], ['"1e9s"', null]]));

  it(`X-08: norce: ${lifetimes.length} values of expires_in: stored; where none is told, ten minutes`, () =>
    eachIsStored("norce", "expires_in", lifetimes, 600));

  it(`X-08: square: ${moments.length} values of expires_at: stored, and its own status call tells the end`, () =>
    eachIsStored("square", "expires_at", moments));

  it("X-08: square: and as many ends of the refresh token", () => eachIsStored("square", "refresh_token_expires_at", moments));
});
