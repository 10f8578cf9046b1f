import type { UserActor } from "@/lib/auth/actor";
import { type Context, makeIo, type OpenIo } from "@/lib/connections/open-io";
import type { Offer } from "@/lib/offers/offer";
import { createOffer } from "@/lib/offers/save-offer";
import { oauth2Simulator } from "@/tests/simulators/oauth2";
import type { Simulator } from "@/tests/simulators/simulator";
import { BASE_URL, platforms } from "./platforms";

const CALLBACK = `${BASE_URL}/api/oauth/harbor/callback`;

/** What an admin types into the form to add the simulated platform. */
export function harborForm(settings: { clientId: string; clientSecret: string | null; issuer: string | null }): Record<string, string> {
  return {
    slug: "harbor",
    name: "Harbor Market",
    monogram: "",
    clientId: settings.clientId,
    clientSecret: settings.clientSecret ?? "",
    issuer: settings.issuer ?? "",
    authorizeUrl: "",
    tokenUrl: "",
    revokeUrl: "",
    introspectUrl: "",
    userinfoUrl: "",
    testUrl: "",
    apiUrl: "",
    scopes: "openid orders.read",
    scopeSeparator: "space",
    authMethod: "basic",
    pkce: "1",
    authorizeParams: "",
    revokeEndsAll: "",
    helpEn: "Ask your Harbor manager for access first.",
    helpAr: "يلزم طلب الوصول من مدير Harbor أولًا.",
    allowsEn: "See who you are\nRead your orders",
    allowsAr: "الاطلاع على هويتك\nقراءة الطلبات",
  };
}

/** The shipped platforms and, beside them, one more that follows the standards and that only an admin can add. */
export function withHarbor() {
  const at = platforms();
  const world = { origin: "https://harbor.test", now: () => new Date(Date.now() + at.skew.ms) };
  const harbor = oauth2Simulator(world, { redirectUris: [CALLBACK] });
  const mood = { down: false };
  const fetch = async (url: string, init?: RequestInit): Promise<Response> => {
    if (!url.startsWith(world.origin)) return at.fetch(url, init);
    if (mood.down) return new Response("down", { status: 503 });
    return (harbor as Simulator).handle(new Request(url, { redirect: "manual", ...init }));
  };
  const open: OpenIo = (offer: Offer, context: Context) => makeIo(offer, context, fetch);
  const { clientId, clientSecret, issuer } = harbor.settings;
  const form = harborForm({ clientId, clientSecret, issuer });
  const add = (admin: UserActor, change: Record<string, string> = {}) => createOffer(admin, { ...form, ...change });
  return { at: { ...at, open, fetch }, harbor, mood, form, add };
}

type Memory = Record<"latchkeyStoredOffers" | "latchkeyCalls", unknown>;
const holder = globalThis as unknown as Memory;

/** Another process of the same installation: what it holds of the database is its own. */
export function otherProcess() {
  let own: Memory = { latchkeyStoredOffers: undefined, latchkeyCalls: undefined };
  return async <T>(work: () => T | Promise<T>): Promise<T> => {
    const ours: Memory = { latchkeyStoredOffers: holder.latchkeyStoredOffers, latchkeyCalls: holder.latchkeyCalls };
    Object.assign(holder, own);
    try {
      return await work();
    } finally {
      own = { latchkeyStoredOffers: holder.latchkeyStoredOffers, latchkeyCalls: holder.latchkeyCalls };
      Object.assign(holder, ours);
    }
  };
}
