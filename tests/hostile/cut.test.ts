import { describe, expect, it } from "vitest";
import type { Connection } from "@/db/connections";
import { exchange } from "@/lib/connections/exchange";
import { offer as findOffer } from "@/lib/offers/offers";
import type { Grant } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { someOf } from "@/tests/support/at-length";
import { attemptOf, connectionOf } from "@/tests/support/journey";
import { sweep } from "@/tests/support/sweep";
import { testIo } from "@/tests/support/test-io";
import { useHostileWorld } from "./support/hostile-world";
import { theRow } from "./support/rows";
import { answeredAttempts, forgetPace, inventions, keyCall, redirects, type Slug, tokenCall, upToTokens } from "./support/tampered";

const world = useHostileWorld();
const framings = ["length", "close", "chunked"] as const;
/** Where an answer of so many bytes may end too early. */
const cutsOf = (length: number, few: number) => someOf([...Array(length).keys()], few);

/** What the platform says when it gives tokens, on the way to a connection that works; `kept` is its row. */
async function recorded(slug: Slug, call = tokenCall[slug]): Promise<{ body: string; length: number; kept: Connection }> {
  const { at, mona } = world;
  let body = "";
  const note = (said: string) => {
    body = said;
    return { body: said };
  };
  at.list.push({ call, with: note });
  expect((await (await upToTokens(at, mona, slug))()).outcome).toBe("connected");
  return { body, length: Buffer.byteLength(body), kept: (await theRow(mona)).row };
}

describe("X-05: the connection ends inside the answer", () => {
  it.each(redirects)("X-05: %s: wherever it ends: doubt, never a success, the code is never sent again", async (slug) => {
    const { at, mona } = world;
    const { body, length, kept } = await recorded(slug);
    const cuts = cutsOf(length, 60);
    const attempts = await answeredAttempts(mona, slug, cuts.length, inventions(at, slug));
    for (const [nth, id] of attempts.entries()) {
      const cut = cuts[nth] ?? 0;
      if (nth % 50 === 0) await forgetPace();
      at.list.push({ call: tokenCall[slug], with: { body, cut, framing: framings[nth % 3] } });
      await exchange(mona, id, at.open);
      expect(await attemptOf(id), `${cut} of ${length} bytes`).toMatchObject({ outcome: "unreachable", answer: null, resultId: null });
    }
    const sent = at.codes.size;
    await world.pass(1);
    await sweep(at.open);
    for (const id of attempts.slice(-10)) await exchange(mona, id, at.open);
    expect(at.codes.size).toBe(sent);
    expect((await theRow(mona)).row).toMatchObject({ id: kept.id, status: "active", generation: kept.generation });
  });
});

describe("X-05: calls that the core may repeat", () => {
  /** The provider alone, one call for each length: what its answer, so cut, is taken for. */
  async function taken(slug: Slug, call: RegExp, grant: Grant, body: string, expected: string): Promise<void> {
    const { at, wire } = world;
    const length = Buffer.byteLength(body);
    let cut: number | undefined;
    const io = testIo(async (request) => {
      const { pathname } = new URL(request.url);
      if (!call.test(pathname)) return at.simulators[slug].handle(request);
      return wire.answer({ body, cut, framing: framings[(cut ?? 0) % 3] }, { method: request.method, body: await request.text() });
    });
    const { provider } = findOffer(slug);
    for (const at of cutsOf(length, 300)) {
      cut = at;
      const outcome = await provider.refresh(grant, io).then(
        () => "a success",
        (error: unknown) => (error instanceof ProviderError ? error.trouble : String(error)),
      );
      if (outcome !== expected) expect(outcome, `${cut} of ${length} bytes`).toBe(expected);
    }
    cut = undefined;
    expect((await provider.refresh(grant, io)).renewal).not.toBeNull();
  }

  it("X-05: noon's second step: wherever it ends: doubt, and never half a key", async () => {
    const { body } = await recorded("noon", keyCall);
    const { grant } = await theRow(world.mona);
    const created = JSON.stringify({ v: 1, step: "created", accessToken: "CNRY-intermediate", projectCode: "PRJ410001" });
    await taken("noon", keyCall, { ...grant, access: null, renewal: created }, body, "doubt");
  });

  it("X-05: norce: wherever it ends: to be tried again, and never half a token", async () => {
    const { body } = await recorded("norce");
    const { grant } = await theRow(world.mona);
    await taken("norce", tokenCall.norce, { ...grant, access: null }, body, "transient");
  });

  it.each([["noon", keyCall, "doubt"] as const, ["norce", tokenCall.norce, "transient"] as const])(
    "X-05: %s, as a whole: what was issued before is kept and used again",
    async (slug, call, trouble) => {
      const { at, mona } = world;
      for (const framing of framings) {
        const go = await upToTokens(at, mona, slug);
        at.list.push({ call, with: { body: '{"result":{"private_key":"-----BEGIN', cut: 30, framing } });
        const attempt = await go();
        expect(attempt.status).toBe("issued");
        expect(await connectionOf(attempt)).toMatchObject({ status: "pending", trouble });
      }
      await forgetPace();
      await world.pass(5);
      await sweep(at.open);
      expect((await theRow(mona)).row.status).toBe("active");
    },
  );
});
