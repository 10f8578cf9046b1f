import { spawnSync } from "node:child_process";

// In a process of its own, because the product's translations do not load where its database functions do.
const WRITE = `
const [{ signInMail }, { invitationMail }, { alertMail }, { ownerMail }] = await Promise.all(["sign-in", "invitation", "alert", "owner"].map((name) => import("./lib/mail/" + name + "-mail.ts")));
const locale = process.env.SCENE_LOCALE;
const to = "mona@riyadh-shop.example";
const link = "https://latchkey.example/sign-in/link?email=mona%40riyadh-shop.example&token=none";
const signIn = signInMail(to, link, locale);
const invitation = invitationMail({ to, inviter: "Omar Nasser", merchant: "Riyadh Trading", days: 14 });
const alert = alertMail({ to, locale, kind: "alert.opened", facts: { about: "incident", offer: "square", code: "invalid_client" } });
const connection = { id: "con_1", offer: "square", label: "Riyadh shop", state: "needs_reconnect" };
const owner = ownerMail({ to, userId: "usr_1", locale, kind: "store_needs_you", connection, now: new Date() });
process.stdout.write(JSON.stringify({ "mail-sign-in": signIn.html, "mail-invitation": invitation.html, "mail-alert": alert.html, "mail-owner": owner.html }));`;

/** The mails that people get, as HTML by the picture's name. */
export function mails(locale: "en" | "ar"): Record<string, string> {
  const { PATH, E2E_KEYS, E2E_AUTH_SECRET } = process.env;
  const written = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", WRITE], {
    encoding: "utf8",
    env: {
      PATH,
      NODE_ENV: "test",
      SCENE_LOCALE: locale,
      LATCHKEY_URL: "https://latchkey.example",
      LATCHKEY_KEYS: E2E_KEYS,
      AUTH_SECRET: E2E_AUTH_SECRET,
      DATABASE_URL: "postgres://nobody@localhost/none",
    },
  });
  if (written.status !== 0) throw new Error(`The mails could not be written: ${written.stderr}`);
  return JSON.parse(written.stdout) as Record<string, string>;
}
