import { createHash } from "node:crypto";
import type { BrowserContextOptions, Page } from "@playwright/test";
import { eq } from "drizzle-orm";
import { database, transaction } from "@/db/client";
import { insertMembership } from "@/db/memberships";
import { users } from "@/db/schema";
import { insertSignInLink } from "@/db/sign-in-links";
import { makeMerchant, makePerson } from "@/tests/auth/people";
import { noDefaults, setAlerts } from "./alert-scene";
import { guestCookies } from "./link-scene";
import { setOffers, setTries } from "./offer-scene";
import { addStore, type Scene, setScene } from "./scene";
import { storeStates } from "./store-states";
import type { Someone } from "./test";

/**
 * Who looks. `founder`: nobody is known yet. `pioneer`: an admin where no store is connected. `merchant`: with a store in every state.
 * `newcomer`: with none. `keeper`: who looks after two merchants.
 * `guest`: came by connect links, without an account. `unlucky` and
 * `hapless`, a merchant and an admin: whose browsers may complain.
 */
export const viewers = [
  "founder",
  "pioneer",
  "nobody",
  "merchant",
  "newcomer",
  "keeper",
  "guest",
  "support",
  "admin",
  "unlucky",
  "hapless",
] as const;
export type Viewer = (typeof viewers)[number];

type Options = { name?: string; context?: BrowserContextOptions; unwatched?: boolean };
export type Enter = (role: "merchant" | "support" | "admin", options?: Options) => Promise<Someone>;

/** What the addresses of the scene's links carry. */
export const linkToken = "a-link-of-the-scene";

const NONE = { stores: {}, attempts: {}, bulkRun: "", mailToken: "" } as unknown as Scene;
const LIFE_S = 3_600;

/** Lets each viewer in when first asked for, with what they are to see. */
export function castOf(enter: Enter, nobody: Page) {
  const inside = new Map<Viewer, Promise<Page>>();
  let scene: Promise<Scene> | undefined;
  const page = async (someone: Promise<Someone>) => (await someone).page;

  const letIn: Record<Viewer, () => Promise<Page>> = {
    founder: async () => {
      for (const identifier of ["first-admin", "mona@riyadh-shop.example"])
        await insertSignInLink(database(), { identifier, tokenHash: hashOf(linkToken) }, LIFE_S);
      return nobody;
    },
    pioneer: async () => {
      await noDefaults();
      return page(enter("admin"));
    },
    nobody: () => pageOf("founder"),
    merchant: async () => {
      const merchant = await enter("merchant", { name: "Riyadh Trading" });
      scene = setScene(merchant);
      await scene;
      return merchant.page;
    },
    newcomer: async () => {
      await setOffers();
      return page(enter("merchant", { name: "Jeddah Books" }));
    },
    keeper: async () => {
      const keeper = await enter("merchant", { name: "Nile Books" });
      const second = await makeMerchant("Cairo Textiles and Furnishings");
      await transaction((tx) => insertMembership(tx, keeper.userId, "member", second));
      const { healthy = {}, needs_reconnect = {}, on_demand = {} } = storeStates();
      await addStore("keeper one", keeper.merchantId, keeper.userId, { ...healthy, label: "Zamalek shop" });
      await addStore("keeper two", second, keeper.userId, { ...needs_reconnect, label: "Alexandria outlet" });
      await addStore("keeper three", second, keeper.userId, on_demand);
      return keeper.page;
    },
    guest: async () => {
      const guest = (await enter("merchant", { name: "Gone again" })).page;
      await guest.context().clearCookies();
      // The address of the installation, as every page in it is asked for by its path.
      await guest.goto("/link/none");
      const url = new URL(guest.url()).origin;
      await guest
        .context()
        .addCookies(Object.entries(guestCookies).map(([name, value]) => ({ name, value, url, httpOnly: true, sameSite: "Lax" as const })));
      return guest;
    },
    support: () => page(enter("support")),
    admin: async () => {
      const { id } = await makePerson("a.rather.long.address.of.a.person@subsidiary.of.a.company.example", "support");
      await database().update(users).set({ name: "Abdulrahman bin Abdulaziz Al-Mutairi", disabledAt: new Date() }).where(eq(users.id, id));
      await setAlerts();
      const admin = await enter("admin");
      await setOffers();
      await setTries(admin.userId);
      return admin.page;
    },
    unlucky: () => page(enter("merchant", { name: "Unlucky Ltd", unwatched: true })),
    hapless: () => page(enter("admin", { unwatched: true })),
  };

  const pageOf = (viewer: Viewer): Promise<Page> => {
    const known = inside.get(viewer) ?? letIn[viewer]();
    inside.set(viewer, known);
    return known;
  };

  return {
    pageOf,
    /** What there is to be seen; nothing yet for those who come before anybody else. */
    async sceneFor(viewer: Viewer): Promise<Scene> {
      if (viewer === "founder" || viewer === "pioneer") return NONE;
      await pageOf("merchant");
      return scene ?? NONE;
    },
  };
}

/** As lib/auth hashes a link's token. */
const hashOf = (token: string) => createHash("sha256").update(`${token}${process.env.E2E_AUTH_SECRET}`).digest("hex");
