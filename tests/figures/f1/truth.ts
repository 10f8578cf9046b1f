import { database } from "@/db/client";
import { findCandidates } from "@/db/connections";
import { connections } from "@/db/schema";
import { openCandidate, openGrant } from "@/lib/connections/sealed-grant";
import type { World } from "@/tests/demo/world";
import type { TraceLine } from "./orders";

/** An answer with something in it that its platform gives once: by whom it is known there, and what must be held of it. */
export type Heard = { account: string; secret: string; inWindow: boolean; passed: string };

/** Between the last byte and the journal's flush nothing can be kept by anybody. */
const WINDOW = new Set(["call.kept.after", "journal.write.before"]);
/** What was committed before is read back and let go of meanwhile. */
const MEANWHILE = /^journal\.(read_back|drop)/;

function deep(value: unknown, name: string): string | null {
  if (typeof value !== "object" || value === null) return null;
  const own = (value as Record<string, unknown>)[name];
  if (typeof own === "string") return own;
  for (const inner of Object.values(value)) {
    const found = deep(inner, name);
    if (found !== null) return found;
  }
  return null;
}

/** Noon's key by its id, everybody else's refresh token; null: nothing that exists only once. */
function secretIn(path: string, body: unknown): string | null {
  return path.endsWith("/token/exchange") ? deep(body, "key_id") : deep(body, "refresh_token");
}

function accountOf(platforms: World["platforms"], path: string, body: unknown, secret: string): string | null {
  if (path.endsWith("/token/exchange")) return `noon ${deep(body, "project_code")}`;
  const family = platforms.oauth2.state.refresh[secret]?.family;
  if (family !== undefined) return `oauth2 ${platforms.oauth2.state.families[family]?.sub}`;
  const granted = platforms.ultracart.state.grants.find(({ refresh, retired }) => refresh.includes(secret) || retired.includes(secret));
  if (granted) return `ultracart ${granted.store}`;
  const seller = deep(body, "merchant_id");
  return seller === null ? null : `square ${seller}`;
}

/** Whether its platform still takes a secret; of Noon's keys, which nothing renews, that is so until one is removed. */
export function isTaken({ oauth2, ultracart, square }: World["platforms"], secret: string): boolean {
  const rotated = oauth2.state.refresh[secret];
  if (rotated) return !rotated.used && oauth2.state.families[rotated.family]?.ended === false;
  const granted = ultracart.state.grants.find(({ refresh, retired }) => refresh.includes(secret) || retired.includes(secret));
  if (granted) return granted.alive && granted.refresh.includes(secret);
  return square.state.refresh[secret]?.dead !== true;
}

/** In the order in which they came. */
export function heardIn(lines: readonly TraceLine[], platforms: World["platforms"]): Heard[] {
  return lines.flatMap(({ heard, path = "", who }, index) => {
    if (heard === undefined) return [];
    const body = parsed(heard);
    const secret = secretIn(path, body);
    const account = secret === null ? null : accountOf(platforms, path, body, secret);
    if (secret === null || account === null) return [];
    const after = lines.slice(index + 1).filter((line) => line.who === who && !MEANWHILE.test(line.point ?? ""));
    // Killed before the product saw it, or with it in hand and the journal not written.
    const passed = after.map(({ point, path: to }) => point ?? to).join(" ");
    return [{ account, secret, passed, inWindow: after.every(({ point }) => point !== undefined && WINDOW.has(point)) }];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** All that the product holds in the clear, and how each account stands with it. */
export async function heldNow(): Promise<{ text: string; ended: Set<string>; leftInEnded: number }> {
  const rows = await database().select().from(connections);
  const texts: string[] = [];
  const [live, ended] = [new Set<string>(), new Set<string>()];
  let leftInEnded = 0;
  for (const row of rows) {
    const account = `${row.offer} ${row.accountId}`;
    const over = row.status === "revoked" || row.status === "revoking";
    (over ? ended : live).add(account);
    if (row.status === "revoked" && (row.access !== null || row.renewal !== null)) leftInEnded += 1;
    const candidates = await findCandidates(database(), row.id);
    for (const grant of [openGrant(row), ...candidates.map((one) => openCandidate(one, row))])
      texts.push(grant.access ?? "", grant.renewal ?? "");
  }
  for (const account of live) ended.delete(account);
  return { text: texts.join("\n"), ended, leftInEnded };
}
