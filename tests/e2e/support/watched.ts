import { type Exchange, startRecordingProxy } from "@/tests/leaks/recording-proxy";
import { watchPlatform } from "@/tests/leaks/watch-platform";
import { Ledger } from "@/tests/simulators/ledger";
import { freePort } from "@/tests/support/free-port";
import { type MailServer, startMailServer } from "@/tests/support/mail-server";
import { cloneFolder, removeClone } from "./demo-process";
import { type Installation, install } from "./installation";
import type { Slug } from "./journey";
import { test as base } from "./test";

export type Watched = {
  installation: Installation;
  /** The product's working folder, with all that it has made there. */
  folder: string;
  mail: MailServer;
  /** Secrets that no platform issued. */
  own: Ledger;
  moods: Record<Slug, ReturnType<typeof watchPlatform>>;
  exchanges: readonly Exchange[];
  /** Ends the product and its database and leaves the folder as it is. */
  end: () => Promise<void>;
};

async function watch(): Promise<Watched> {
  const folder = await cloneFolder();
  const installation = await install(folder);
  const own = new Ledger();
  const password = own.canary("mail-password");
  const mail = await startMailServer("latchkey", password);
  const port = await freePort();
  const proxy = await startRecordingProxy(Number(new URL(installation.url).port), port);
  const platforms = Object.entries(installation.world.platforms);
  const moods = Object.fromEntries(platforms.map(([id, platform]) => [id, watchPlatform(platform)])) as Watched["moods"];
  const mailing = { SMTP_URL: `smtp://latchkey:${password}@127.0.0.1:${mail.port}`, MAIL_FROM: "Latchkey <hub@latchkey.example>" };
  await installation.start(mailing, port);
  let ended: Promise<void> | undefined;
  const end = () => {
    ended ??= Promise.all([installation.close(), proxy.close(), mail.close()]).then(() => undefined);
    return ended;
  };
  return { installation, folder, mail, own, moods, exchanges: proxy.exchanges, end };
}

/** An installation that shares nothing with others, whose every answer, line, mail and file is there to be looked at. */
export const test = base.extend<object, { watched: Watched; installation: Installation }>({
  watched: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs.
    async ({}, use) => {
      const watched = await watch();
      await use(watched).finally(watched.end);
      await removeClone(watched.folder);
    },
    { scope: "worker", timeout: 120_000 },
  ],
  installation: [async ({ watched }, use) => use(watched.installation), { scope: "worker" }],
});
