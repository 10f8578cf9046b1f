import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database } from "@/db/client";
import type { Connection } from "@/db/connections";
import { renew } from "@/lib/connections/renew";
import { show } from "@/lib/connections/show";
import { testConnection } from "@/lib/connections/test-connection";
import { proving } from "@/lib/jobs/proving";
import type { Io } from "@/lib/providers/contract";
import { useEnv } from "@/tests/auth/set-env";
import { faultWorld, stores } from "@/tests/faults/steps";
import type { Fault } from "@/tests/simulators/faults";
import { useDatabase } from "@/tests/support/database";
import { connected, staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();

const MINUTE = 60;
const HOUR = 60 * MINUTE;

const slugs = ["noon", "norce", "ultracart", "square", "oauth2"] as const;
/** What each platform's drift interval may come to: what is fetched on demand counts as proved for a day. */
const longest = { noon: 20, norce: 20, ultracart: 12, square: 12, oauth2: 12 };

const round = (open = world.at.open) => proving.round({ open, stopping: () => false });
const proofDue = (ids: readonly string[]) => database().execute(sql`update connections set next_proof_at = app_now() where id in ${ids}`);
/** Seconds from now, by the database's clock. */
async function untilProof(id: string): Promise<number> {
  const found = await database().execute<{ s: number }>(
    sql`select extract(epoch from next_proof_at - app_now())::float8 as s from connections where id = ${id}`,
  );
  return found.rows[0]?.s ?? Number.NaN;
}
const proofs = () => world.calls("oauth2", /introspect/).length;

/** Nothing else is done in the background, so that no renewal finds it out. */
async function passWithProofs(hours: number, done: () => Promise<boolean> = async () => false): Promise<void> {
  for (let half = 0; half < 2 * hours && !(await done()); half += 1) {
    await world.pass(HOUR / 2);
    await round();
  }
}

function endAt(slug: (typeof slugs)[number], { accountId }: Connection): void {
  world.at.simulators[slug].revokeAtPlatform(accountId ?? "");
}

describe.each(slugs)("%s", (slug) => {
  it("the owner removes access there and nobody tells us: within one interval our state is true", async () => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, slug);
    endAt(slug, kept);
    const demoted = async () => (await world.row(kept.id)).status === "reconnect";
    await passWithProofs(longest[slug], demoted);
    expect(await demoted()).toBe(true);
    const { connection, timeline } = await show(owner, kept.id);
    expect(connection.state).toBe("needs_reconnect");
    expect(timeline.filter(({ kind }) => kind === "connection.needs_reconnect")).toHaveLength(1);
  });

  it.each<[string, Fault]>([
    ["an outage", { kind: "status", status: 503 }],
    ["no network", { kind: "unreachable" }],
    ["a page of somebody else", { kind: "html" }],
    ["too many calls", { kind: "status", status: 429 }],
  ])("%s for a day demotes nobody, is asked about again and again, and is over when it is over", async (_what, fault) => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, slug);
    await database().execute(sql`update connections set next_refresh_at = null where id = ${kept.id}`);
    world.at.faults.push(fault);
    const tries = { n: 0 };
    const counting = world.through((fetch) => (url, init) => {
      tries.n += 1;
      return fetch(url, init);
    });
    await proofDue([kept.id]);
    for (let half = 0; half < 48; half += 1) {
      await world.pass(HOUR / 2);
      await round(counting);
      expect((await world.row(kept.id)).status).toBe("active");
    }
    expect(tries.n).toBeGreaterThan(20);
    expect(tries.n).toBeLessThan(200);
    world.at.faults.length = 0;
    await passWithProofs(2);
    expect(await world.row(kept.id)).toMatchObject({ status: "active" });
    expect((await show(owner, kept.id)).connection.lastProofAt?.getTime()).toBeGreaterThan(Date.now() + world.at.skew.ms - 2 * HOUR * 1000);
    expect((await testConnection(owner, kept.id, world.at.open)).kind).toBe("works");
  });

  it("what is in order is asked about once an interval, and its story is not filled with it", async () => {
    const kept = await connected(world.at, await world.shop(), slug);
    const moments = new Set<number>();
    await passWithProofs(3 * longest[slug], async () => {
      moments.add((await world.row(kept.id)).lastProofAt?.getTime() ?? 0);
      return false;
    });
    expect(moments.size).toBeGreaterThanOrEqual(3);
    // Renewals that a proof needs prove as well.
    expect(moments.size).toBeLessThanOrEqual(9);
    expect((await world.row(kept.id)).status).toBe("active");
    expect(await world.told({ connection: kept.id })).not.toContain("connection.tested");
  });
});

describe("when", () => {
  it.each(slugs)("%s: after connecting, after each proof and each test, within a fifth of the interval", async (slug) => {
    const owner = await world.shop();
    const { id } = await connected(world.at, owner, slug);
    const within = async () => {
      const s = await untilProof(id);
      expect(s).toBeGreaterThan(longest[slug] * HOUR * 0.8 - MINUTE);
      expect(s).toBeLessThanOrEqual(longest[slug] * HOUR);
    };
    await within();
    await proofDue([id]);
    await round();
    await within();
    await proofDue([id]);
    expect((await testConnection(owner, id, world.at.open)).kind).toBe("works");
    await within();
  });

  it("one whose account is connected again starts anew", async () => {
    const owner = await world.shop();
    const first = await connected(world.at, owner, "square");
    await proofDue([first.id]);
    const second = await connected(world.at, owner, "square");
    expect(second.id).toBe(first.id);
    expect(await untilProof(first.id)).toBeGreaterThan(9 * HOUR);
  });

  it("connections made in one moment are not asked about in one moment", async () => {
    const owner = await world.shop();
    const waits: number[] = [];
    for (let index = 0; index < 12; index += 1) {
      const { id } = await connected(world.at, owner, "square");
      waits.push(Math.round((await untilProof(id)) / MINUTE));
    }
    expect(new Set(waits).size).toBeGreaterThan(6);
  });

  it("access whose end nobody named is asked about by the hour, not trusted", async () => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, "oauth2");
    await database().execute(sql`update connections set expires_at = null, next_refresh_at = null where id = ${kept.id}`);
    expect((await testConnection(owner, kept.id, world.at.open)).kind).toBe("works");
    // The platform's introspection names the end; a row that keeps none is what counts here.
    expect(await untilProof(kept.id)).toBeLessThanOrEqual(HOUR);
    endAt("oauth2", kept);
    await passWithProofs(1.5);
    expect((await world.row(kept.id)).status).toBe("reconnect");
  });

  it("what a platform offers nothing to prove with is not asked about over and over", async () => {
    const kept = await connected(world.at, await world.shop(), "oauth2");
    const offer = world.at.offers.find(({ slug }) => slug === "oauth2");
    const asking = { n: 0 };
    if (offer)
      offer.provider = {
        ...offer.provider,
        inspect: async () => {
          asking.n += 1;
          return { id: null, label: null, unproved: true };
        },
      };
    await proofDue([kept.id]);
    for (let times = 0; times < 5; times += 1) await round();
    expect(asking.n).toBe(1);
    expect(await world.row(kept.id)).toMatchObject({ status: "active", lastProofAt: kept.lastProofAt });
    expect(await untilProof(kept.id)).toBeGreaterThan(9 * HOUR);
  });
});

describe("what is refused", () => {
  it("is renewed where that works: the owner is not asked", async () => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, "square");
    for (const access of Object.values(world.at.simulators.square.state.access)) access.revoked = true;
    await proofDue([kept.id]);
    await round();
    expect(await world.row(kept.id)).toMatchObject({ status: "active", generation: kept.generation + 1, trouble: null });
    expect(await untilProof(kept.id)).toBeGreaterThan(9 * HOUR);
  });

  it("needs its owner where nothing renews it", async () => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, "oauth2");
    await database().execute(sql`update connections set renewal = null, renewable = false, next_refresh_at = null where id = ${kept.id}`);
    endAt("oauth2", kept);
    await proofDue([kept.id]);
    await round();
    expect(await world.row(kept.id)).toMatchObject({ status: "reconnect", troubleCode: "access_refused" });
  });

  it("is not believed of access that somebody has replaced meanwhile", async () => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, "square");
    await proofDue([kept.id]);
    // The refusal of the first access is on its way when another process renews.
    let once = true;
    const open = world.through((fetch) => async (url, init) => {
      if (!url.includes("/oauth2/token/status") || !once) return fetch(url, init);
      once = false;
      for (const access of Object.values(world.at.simulators.square.state.access)) access.revoked = true;
      const refused = await fetch(url, init);
      expect((await renew(owner, kept.id, world.at.open)).kind).toBe("renewed");
      return refused;
    });
    await round(open);
    expect((await world.row(kept.id)).status).toBe("active");
    expect((await testConnection(owner, kept.id, world.at.open)).kind).toBe("works");
  });
});

describe("how much", () => {
  /** How many calls to a platform are under way at once, at most. */
  function overlap() {
    const seen = { now: 0, most: 0 };
    const open = world.through((fetch) => async (...call: Parameters<Io["fetch"]>) => {
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return fetch(...call).finally(() => {
        seen.now -= 1;
      });
    });
    return { seen, open };
  }

  /** So many stores of the standard platform, all of them due. */
  async function due(count: number): Promise<string[]> {
    const owner = await world.shop();
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) ids.push((await world.standardStore(owner, `acct-${index}`)).id);
    await proofDue(ids);
    return ids;
  }
  const proved = async () => {
    const found = await database().execute<{ n: number }>(sql`select count(*)::int as n from connections where next_proof_at > app_now()`);
    return found.rows[0]?.n;
  };

  it("four at once, each by one process however many are at it", async () => {
    const ids = await due(10);
    const before = proofs();
    const { seen, open } = overlap();
    await round(open);
    expect(seen.most).toBeGreaterThan(1);
    expect(seen.most).toBeLessThanOrEqual(4);
    expect(proofs() - before).toBe(10);
    await proofDue(ids);
    await Promise.all([round(), round(), round()]);
    expect(proofs() - before).toBe(20);
  });

  it("all that is due, a hundred at a time", async () => {
    await due(105);
    await round();
    expect(await proved()).toBe(105);
  });

  it("a part of a platform's small allowance, and one call at a time where it bears no more", async () => {
    const [one, two] = [
      await connected(world.at, await world.shop(), "ultracart", stores.ultracart[0]),
      await connected(world.at, await world.shop(), "ultracart", stores.ultracart[1]),
    ];
    await proofDue([one.id, two.id]);
    const { seen, open } = overlap();
    await Promise.all([round(open), round(open)]);
    expect(seen.most).toBe(1);
    for (let times = 0; times < 3; times += 1) await round(open);
    for (const { id } of [one, two]) expect(await untilProof(id)).toBeGreaterThan(0);
  });

  it("nothing where our own client is refused, and again once that is mended", async () => {
    const ids = await due(3);
    const admin = await staff("admin");
    const { client } = world.at.simulators.oauth2;
    const { secret } = client;
    world.at.simulators.oauth2.rotateClientSecret();
    await renew(admin, ids[0] ?? "", world.at.open);
    const before = proofs();
    for (let times = 0; times < 3; times += 1) await round();
    expect(proofs()).toBe(before);
    client.secret = secret;
    await database().execute(sql`update incidents set closed_at = app_now()`);
    await round();
    expect(await proved()).toBe(3);
  });

  it("nothing more where a platform asks to be left alone, until it has been; its neighbours go on", async () => {
    const ids = await due(12);
    const neighbour = await connected(world.at, await world.shop(), "square");
    await proofDue([neighbour.id]);
    world.at.faults.push({ kind: "status", status: 429, headers: { "retry-after": "600" }, match: "/introspect" });
    const before = proofs();
    let refused = 0;
    const open = world.through((fetch) => async (url, init) => {
      const answer = await fetch(url, init);
      if (answer.status === 429) refused += 1;
      return answer;
    });
    for (let times = 0; times < 5; times += 1) await round(open);
    // Those that were under way together.
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThanOrEqual(4);
    expect(proofs()).toBe(before);
    expect(await untilProof(neighbour.id)).toBeGreaterThan(9 * HOUR);
    world.at.faults.length = 0;
    await world.pass(21 * MINUTE);
    await round();
    for (const id of ids) expect(await untilProof(id)).toBeGreaterThan(0);
    expect(proofs() - before).toBe(12);
  });
});
