import { setTimeout as sleep } from "node:timers/promises";
import { changeSecret, putSecretBack, type SecretHolder, secretHolders } from "@/tests/demo/client-secrets";
import { moveClock } from "@/tests/demo/move-clock";
import type { Slug } from "@/tests/demo/seeding/plan";
import { signInAs } from "@/tests/demo/sign-in-as";
import { type Weather, weathers } from "@/tests/demo/weather";
import { people } from "@/tests/simulators/identity-provider";
import type { DeskState, Shown } from "./desk-state";
import { findStore } from "./find-store";

const HOUR_MS = 3_600_000;
const PATIENCE_MS = 1_500;
export const JUMPS = { "1h": HOUR_MS, "1d": 24 * HOUR_MS, "8d": 192 * HOUR_MS, "31d": 744 * HOUR_MS, "46d": 1104 * HOUR_MS } as const;
export type Jump = keyof typeof JUMPS;

/** `note`: what the desk says next; `to`: where the browser goes instead. */
type Done = { note?: Record<string, string>; to?: string; cookies?: string[] };

const noStore: Done = { note: { done: "noStore" } };

/** What the desk's buttons do, by the path that they post to. Null: there is no such button. */
export async function carryOut(state: DeskState, path: string, form: URLSearchParams): Promise<Done | null> {
  const act = acts[path];
  return act && state.demo ? act(state, state.demo, form) : null;
}

const acts: Record<string, (state: DeskState, demo: Shown, form: URLSearchParams) => Promise<Done | null>> = {
  "/clock": async (_, { world }, form) => {
    const jump = form.get("by") as Jump;
    if (!Object.hasOwn(JUMPS, jump)) return null;
    await moveClock(world.clock, JUMPS[jump]);
    return { note: { done: "clock", by: jump } };
  },

  "/as": async (_, { url, world }, form) => {
    const person = people.find(({ sub }) => sub === form.get("person"));
    const to = form.get("to") ?? "/";
    if (!person || !/^\/(?![/\\])/.test(to)) return null;
    return { to: new URL(to, url).href, cookies: await signInAs(url, world.environment.OIDC_ISSUER ?? "", person.sub) };
  },

  "/weather": async (_, { world }, form) => {
    const [slug, weather] = [form.get("platform") as Slug, form.get("what") as Weather];
    if (!Object.hasOwn(world.weather, slug) || !weathers.includes(weather)) return null;
    if (form.get("mend") === "1") world.weather[slug].delete(weather);
    else world.weather[slug].add(weather);
    return { note: { done: form.get("mend") === "1" ? "mended" : "broken" } };
  },

  "/secret": async (state, { world }, form) => {
    const slug = form.get("platform") as SecretHolder;
    if (!secretHolders.includes(slug)) return null;
    const before = state.secrets.get(slug);
    if (form.get("mend") === "1") {
      if (before !== undefined) putSecretBack(world.platforms, slug, before);
      state.secrets.delete(slug);
      return { note: { done: "mended" } };
    }
    if (before === undefined) state.secrets.set(slug, changeSecret(world.platforms, slug));
    return { note: { done: "broken" } };
  },

  "/worker": async (_, { worker }, form) => {
    if (form.get("mend") === "1") worker.start();
    // It may have calls in hand that take their time: the page says so until it has ended.
    else await Promise.race([worker.stop(), sleep(PATIENCE_MS)]);
    return { note: { done: form.get("mend") === "1" ? "mended" : "broken" } };
  },

  "/accounts": async (_, { world }, form) => {
    world.trouble.accounts = form.get("mend") !== "1";
    return { note: { done: world.trouble.accounts ? "broken" : "mended" } };
  },

  "/take-away": async (_, { world }, form) => {
    const slug = form.get("platform") as Slug;
    if (!Object.hasOwn(world.weather, slug)) return null;
    const store = await findStore(slug, form.get("store") ?? "");
    if (!store) return noStore;
    world.takeAway(slug, store.accountId);
    return { note: { done: "takenAway", store: store.id, name: store.name } };
  },

  "/reset": async (state) => {
    state.askForReset();
    return { note: {} };
  },
};
