import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET, POST } from "@/app/api/mail/unsubscribe/route";
import { database, transaction } from "@/db/client";
import { dueDeliveries } from "@/db/deliveries";
import { connections, users } from "@/db/schema";
import { setDisabled } from "@/db/users";
import { tellOwners } from "@/lib/alerts/tell-owners";
import { deliver } from "@/lib/deliveries/deliver";
import { mailSettings, readerOfActor, readerOfLink, setMailWanted } from "@/lib/people/mail-settings";
import { eventKinds, makeMerchant, makePerson, moveClock, resetClock } from "@/tests/auth/people";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, staff } from "@/tests/support/journey";
import { type MailServer, startMailServer } from "@/tests/support/mail-server";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { emptyAlerts, messages, setState, stores } from "./scene";

const PASSWORD = "CNRY-smtp";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
platforms();
let mail: MailServer;
let read = 0;

beforeAll(async () => {
  mail = await startMailServer("latchkey", PASSWORD);
  setEnv({ SMTP_URL: `smtp://latchkey:${PASSWORD}@127.0.0.1:${mail.port}`, MAIL_FROM: "Latchkey <hub@latchkey.example>" });
});
afterAll(async () => {
  setEnv({ SMTP_URL: undefined, MAIL_FROM: undefined });
  await mail.close();
});
beforeEach(async () => {
  await resetClock();
  await emptyAlerts();
  read = mail.mails.length;
});

/** What the worker does about it, twice over, by two workers at once. */
async function round(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) {
    await Promise.all([tellOwners(), tellOwners()]);
    const due = await dueDeliveries(database(), 100);
    await Promise.all([...due, ...due].map((id) => deliver(id)));
  }
}

/** The mails since the last time that somebody looked: to whom and about what. */
function inbox(): string[] {
  const fresh = mail.mails.slice(read);
  read = mail.mails.length;
  return fresh.map((text) => `${/^To: (\S+)$/m.exec(text)?.[1]}: ${subjectOf(text)}`).sort();
}

/** As its reader sees it (RFC 2047). */
function subjectOf(text: string): string {
  const folded = /^Subject: (.*(?:\n[ \t].*)*)$/m.exec(text)?.[1] ?? "";
  const bytes = folded
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?UTF-8\?([BQ])\?(.*?)\?=/gi, (_, way: string, word: string) =>
      way.toUpperCase() === "B" ? Buffer.from(word, "base64").toString("latin1") : unquoted(word.replace(/_/g, " ")),
    );
  return Buffer.from(bytes.replace(/\n[ \t]/g, " "), "latin1").toString("utf8");
}
const unquoted = (text: string) => text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
/** A part of a mail as its reader sees it. */
const readable = (text: string) => Buffer.from(unquoted(text.replace(/=\n/g, "")), "latin1").toString("utf8");

const speaks = (id: string, locale: string) => database().update(users).set({ locale }).where(eq(users.id, id));
const shop = async () => {
  const actor = await aMerchant("Riyadh Trading");
  const merchant = actor.merchants[0]?.id ?? "";
  return { ...actor, merchant };
};
const first = "Riyadh shop needs you: reconnect Square";
const reminder = "Riyadh shop still needs you: reconnect Square";

describe("a store that begins to need its owner", () => {
  it("one mail, one reminder after three days, and nothing ever after", async () => {
    const mona = await shop();
    await stores(1, { merchant: mona.merchant, state: "needs_reconnect", needed: "0" });
    await round();
    expect(inbox()).toEqual([`${mona.email}: ${first}`]);
    await moveClock("2 days 23 hours");
    await round();
    expect(inbox()).toEqual([]);
    await moveClock("2 hours");
    await round();
    expect(inbox()).toEqual([`${mona.email}: ${reminder}`]);
    for (const more of ["3 days", "27 days", "90 days"]) {
      await moveClock(more);
      await round();
    }
    expect(inbox()).toEqual([]);
    expect((await messages()).map(({ status, tries }) => [status, tries])).toEqual([
      ["delivered", 1],
      ["delivered", 1],
    ]);
  });

  it("leads to the page whose button leads to the platform, with nothing secret in the link", async () => {
    const mona = await shop();
    const [id] = await stores(1, { merchant: mona.merchant, state: "needs_reconnect", needed: "0" });
    const [gone] = await stores(1, {
      merchant: mona.merchant,
      state: "needs_reconnect",
      needed: "0",
      offer: "elsewhere",
      label: "Old shop",
    });
    await round();
    const links = mail.mails.slice(read).map((text) => /https:\/\/latchkey\.test\/conn\S+/.exec(readable(text))?.[0]);
    expect(links.sort()).toEqual([`${BASE_URL}/connect/square?connection=${id}`, `${BASE_URL}/connections/${gone}`].sort());
  });

  it("names the last day where it ends only later", async () => {
    const mona = await shop();
    await stores(1, { merchant: mona.merchant, state: "expiring_soon", needed: "0", noReturn: "5 days" });
    await round();
    expect(readable(mail.mails.at(-1) ?? "")).toMatch(/Our access to Riyadh shop at Square ends on \d{1,2}\u00a0\w+/);
    expect(inbox()).toEqual([`${mona.email}: ${first}`]);
  });

  it("a second time of need is told of again; one without a break is not, whatever its state becomes", async () => {
    const mona = await shop();
    const ids = await stores(1, { merchant: mona.merchant, state: "expiring_soon", needed: "0", noReturn: "5 days" });
    await round();
    await database().update(connections).set({ state: "needs_reconnect" });
    await round();
    expect(inbox()).toHaveLength(1);
    await setState(ids, "healthy");
    await moveClock("1 hour");
    await setState(ids, "needs_reconnect", "0");
    await round();
    expect(inbox()).toEqual([`${mona.email}: ${first}`]);
  });

  it("goes to every person of its merchant in their own language, and to nobody else", async () => {
    const mona = await shop();
    await speaks(mona.id, "ar");
    const second = await makePerson("second@merchant.example", "member", mona.merchant);
    const away = await makePerson("away@merchant.example", "member", mona.merchant);
    await transaction((tx) => setDisabled(tx, away.id, true));
    await makePerson("neighbour@merchant.example", "member", await makeMerchant("Jeddah Books"));
    await staff("admin");
    await stores(1, { merchant: mona.merchant, state: "needs_reconnect", needed: "0", label: "متجر الأمل" });
    await speaks(second.id, "en");
    await round();
    expect(inbox()).toEqual(
      [
        `${mona.email}: متجر متجر الأمل بحاجة إلى إجراء منك: إعادة ربط \u2068Square\u2069`,
        "second@merchant.example: \u2068متجر الأمل\u2069 needs you: reconnect Square",
      ].sort(),
    );
  });

  it("nothing is said about what mends itself, nor where a store was mended before the mail went out", async () => {
    const mona = await shop();
    for (const state of ["expired_renewable", "refresh_failing", "renewal_late", "unknown", "renewing", "healthy", "pending", "revoked"])
      await stores(1, { merchant: mona.merchant, state });
    const ids = await stores(1, { merchant: mona.merchant, state: "needs_reconnect", needed: "0" });
    await tellOwners();
    await setState(ids, "healthy");
    await round();
    expect(inbox()).toEqual([]);
    expect((await messages()).map(({ status, lastResult }) => [status, lastResult])).toEqual([["dropped", "not_needed"]]);
  });

  it("waits while its state is in doubt", async () => {
    const mona = await shop();
    await stores(1, { merchant: mona.merchant, state: "needs_reconnect", needed: "0" });
    await database().update(connections).set({ lastProofAt: new Date() });
    await round();
    expect(inbox()).toEqual([]);
    await database().update(connections).set({ stateChangesAt: null });
    await moveClock("31 seconds");
    await round();
    expect(inbox()).toHaveLength(1);
    expect(await messages()).toMatchObject([{ tries: 1 }]);
  });

  it("a worker that was away for the first three days tells it once, by the reminder", async () => {
    const mona = await shop();
    await stores(1, { merchant: mona.merchant, state: "needs_reconnect", needed: "-4 days" });
    await round();
    expect(inbox()).toEqual([`${mona.email}: ${reminder}`]);
  });
});

describe("whoever does not want them", () => {
  const linkIn = (text: string) => new URL(/^List-Unsubscribe: <(\S+)>$/m.exec(text.replace(/\n[ \t]+/g, " "))?.[1] ?? "");
  const oneClick = (url: URL, body = "List-Unsubscribe=One-Click") =>
    POST(new Request(url, { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded" } }));

  async function mailed() {
    const mona = await shop();
    const ids = await stores(1, { merchant: mona.merchant, state: "needs_reconnect", needed: "0" });
    await round();
    const text = mail.mails.at(-1) ?? "";
    inbox();
    return { mona, ids, text, url: linkIn(text) };
  }

  it("says so with the mail reader's own button, for that kind of mail alone", async () => {
    const { mona, ids, text, url } = await mailed();
    expect(text).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
    const answer = await oneClick(url);
    expect([answer.status, answer.headers.get("location")]).toEqual([200, null]);
    expect(await eventKinds()).toContain("person.mail_unwanted");
    await setState(ids, "healthy");
    await moveClock("1 hour");
    await setState(ids, "needs_reconnect", "0");
    await round();
    expect(inbox()).toEqual([]);
    await moveClock("3 days 1 hour");
    await round();
    expect(inbox()).toEqual([`${mona.email}: ${reminder}`]);
  });

  it("a look changes nothing, and a link that was altered opens nothing", async () => {
    const { mona, url } = await mailed();
    const looked = await GET(new Request(url));
    expect([looked.status, looked.headers.get("location")]).toEqual([303, `${BASE_URL}/settings/mail${url.search}`]);
    const token = url.searchParams.get("token") ?? "";
    for (const altered of [
      token.replace("store_needs_you", "store_still_needs_you"),
      token.replace(mona.id, "usr_1"),
      `${token.slice(0, -2)}xx`,
      "",
    ]) {
      const other = new URL(url);
      other.searchParams.set("token", altered);
      expect((await oneClick(other)).status).toBe(400);
      expect(readerOfLink(altered)).toBeNull();
    }
    expect((await oneClick(url, "anything=else")).status).toBe(400);
    expect((await mailSettings(readerOfActor(mona))).every(({ wanted }) => wanted)).toBe(true);
  });

  it("decides on their page about each kind, and what is waiting is not sent", async () => {
    const mona = await shop();
    await stores(1, { merchant: mona.merchant, state: "needs_reconnect", needed: "0" });
    await tellOwners();
    const reader = readerOfActor(mona);
    await setMailWanted(reader, "store_needs_you", false);
    await setMailWanted(reader, "store_needs_you", false);
    expect(await mailSettings(reader)).toEqual([
      { kind: "store_needs_you", wanted: false },
      { kind: "store_still_needs_you", wanted: true },
    ]);
    await round();
    expect((await messages()).map(({ status, lastResult }) => [status, lastResult])).toEqual([["dropped", "not_wanted"]]);
    await setMailWanted(reader, "store_needs_you", true);
    expect((await eventKinds()).filter((kind) => kind.startsWith("person.mail"))).toEqual(["person.mail_unwanted", "person.mail_wanted"]);
    await expect(setMailWanted(reader, "everything", false)).rejects.toMatchObject({ status: 404 });
    expect(await mailSettings(readerOfActor(await staff("support")))).toEqual([]);
  });

  it("a mail's link decides about its own kind only", async () => {
    const { url } = await mailed();
    const reader = readerOfLink(url.searchParams.get("token"));
    if (!reader) throw new Error("no reader");
    await expect(setMailWanted(reader, "store_still_needs_you", false)).rejects.toMatchObject({ status: 404 });
  });
});
