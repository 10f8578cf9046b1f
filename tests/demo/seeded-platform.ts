import { setTimeout as sleep } from "node:timers/promises";
import { json, type Simulator } from "@/tests/simulators/simulator";
import { holderOf, remember } from "./seeding/known";
import { type Plan, planOf, rowOfAccount, type Slug } from "./seeding/plan";
import { rowsNamedIn } from "./seeding/secrets";
import type { Seeding } from "./seeding/seeding";
import type { Platforms } from "./world";

/** Just under what the product waits. */
const SLOW_MS = 15_000;

export type Memory = {
  seeding: Seeding;
  /** Whether the accounts that a platform has trouble with still have it. */
  troubled: () => boolean;
};

/**
 * A platform that issued what the seed's rows hold: it remembers an account when it is first asked about it, which is when its secret comes
 * by. From there on it is one like any other.
 */
export function seededPlatform<Id extends Slug>(simulator: Platforms[Id] & Simulator, slug: Id, memory: Memory) {
  const { seeding } = memory;
  const met = rowsNamedIn(seeding, JSON.stringify(simulator.state));

  function meet(index: number): Plan | null {
    const plan = planOf(seeding, index);
    if (plan.offer !== slug) return null;
    if (plan.alive && !met.has(index)) {
      met.add(index);
      remember[slug](simulator.state as never, seeding, plan);
    }
    return plan;
  }

  const handle = async (request: Request): Promise<Response> => {
    const text = await said(request);
    for (const index of rowsOf(text)) {
      const plan = meet(index);
      if (plan?.mood === "stuck" && memory.troubled()) return json(503, { message: "Service Unavailable" });
      if (plan?.mood === "slow" && memory.troubled() && text.includes("grant_type=refresh_token")) await sleep(SLOW_MS);
    }
    return simulator.handle(request);
  };

  function rowsOf(text: string): Set<number> {
    const rows = rowsNamedIn(seeding, text);
    const later = slug === "oauth2" ? (text.match(/CNRY-[\w-]+/g) ?? []).map((one) => holderOf(simulator.state as never, one)) : [];
    for (const account of [...later, ...(text.match(/MLDEMO\d{8}/g) ?? [])]) {
      const index = account ? rowOfAccount(seeding, account) : null;
      if (index !== null) rows.add(index);
    }
    return rows;
  }

  /** An account of which nobody has asked so far is remembered before something happens to it. */
  const meetAccount = (accountId: string) => {
    const index = rowOfAccount(seeding, accountId);
    if (index !== null) meet(index);
  };
  return { simulator: { ...simulator, handle } as Platforms[Id], meetAccount };
}

/** Where secrets may stand in a call: who asks, and what for. A key's token names its key inside. */
async function said(request: Request): Promise<string> {
  const { headers } = request;
  const body = request.method === "POST" ? decodeURIComponentOr(await request.clone().text()) : "";
  const [, payload = ""] = /"token":"[^."]+\.([^."]+)\./.exec(body) ?? [];
  return `${headers.get("authorization")} ${body} ${Buffer.from(payload, "base64url").toString()}`;
}

function decodeURIComponentOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
