import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Oauth2Settings, oauth2 } from "@/lib/providers/oauth2";
import { listen } from "@/tests/simulators/listen";
import { freePort } from "@/tests/support/free-port";
import { plainBrowser } from "@/tests/support/plain-browser";
import { type GoogleShaped, googleShaped } from "./google-shaped";
import { connect, consent, grantOf, REDIRECT_URI, type Subject, subject } from "./subject";

// A Google-shaped server judges the generic provider, which knows of it by its settings alone.
const RIYADH = "106289769395363482359";
let google: GoogleShaped;
let judged: Subject;
let close: () => Promise<void>;
const now = { value: new Date() };

beforeEach(async () => {
  now.value = new Date();
  const port = await freePort();
  google = googleShaped({ origin: `http://127.0.0.1:${port}`, now: () => now.value }, [REDIRECT_URI]);
  ({ close } = await listen(google, port));
  judged = subject(google.settings);
});
afterEach(() => close());

const decide =
  (form: Record<string, string> = {}) =>
  (url: string) =>
    plainBrowser()(url, { store: RIYADH, decision: "approve", ...form });
const changed = (change: Partial<Oauth2Settings>): Subject => ({ ...judged, provider: oauth2({ ...google.settings, ...change }) });

describe("connecting", () => {
  it("is found by OpenID's form of the metadata, and knows its own `iss` though nobody announced it", async () => {
    const { query } = await consent(judged, decide());
    expect(query.get("iss")).toBe(google.settings.issuer);
    expect(judged.provider.readAnswer(query)).toEqual({ kind: "code" });
    query.set("iss", "https://accounts.example");
    expect(judged.provider.readAnswer(query)).toEqual({ kind: "error", outcome: "not_matched" });
  });

  it.each(["post", "basic"] as const)(
    "brings a refresh token, a life of 3599 seconds and the scopes as granted (%s)",
    async (authMethod) => {
      const at = changed({ authMethod });
      const before = Date.now();
      const { grant } = await connect(at, decide());
      expect(grant.renewal).toMatch(/CNRY-google-refresh/);
      expect(Math.round(((grant.expiresAt?.getTime() ?? 0) - before) / 1000)).toBe(3599);
      expect(grant.scopes).toEqual(["openid", "profile", "https://www.googleapis.com/auth/content"]);
      expect(await at.provider.inspect(grant, at.io)).toEqual({ id: RIYADH, label: "Riyadh shop" });
    },
  );

  it("stores the scopes that the person left ticked", async () => {
    const { grant } = await connect(judged, decide({ granted: "openid profile" }));
    expect(grant.scopes).toEqual(["openid", "profile"]);
  });

  it("without `access_type=offline` there is no refresh token, and none at a second consent without a prompt", async () => {
    const online = changed({ authorizeParams: {} });
    expect((await connect(online, decide())).grant.renewal).toBeNull();
    const quiet = changed({ authorizeParams: { access_type: "offline" } });
    expect((await connect(quiet, decide())).grant.renewal).not.toBeNull();
    const { grant } = await connect(quiet, decide());
    expect(grant.renewal).toBeNull();
    await expect(quiet.provider.refresh(grant, quiet.io)).rejects.toMatchObject({ trouble: "reconnect", code: "no_refresh_token" });
    expect((await connect(judged, decide())).grant.renewal).not.toBeNull();
  });

  it("refuses a used code, another's verifier, and a wrong secret in their own words", async () => {
    const { again } = await connect(judged, decide());
    await expect(again()).rejects.toMatchObject({ trouble: "declined", code: "code_refused" });
    const stolen = { ...(await consent(judged, decide())), verifier: "v".repeat(43) };
    await expect(judged.provider.exchange(stolen, judged.io)).rejects.toMatchObject({ trouble: "declined", code: "code_refused" });
    const answer = await consent(judged, decide());
    const wrong = changed({ clientSecret: "CNRY-wrong" });
    await expect(wrong.provider.exchange(answer, wrong.io)).rejects.toMatchObject({ trouble: "operator", code: "invalid_client" });
    const elsewhere = { ...answer, redirectUri: `${REDIRECT_URI}/` };
    await expect(judged.provider.exchange(elsewhere, judged.io)).rejects.toMatchObject({
      trouble: "operator",
      code: "redirect_uri_mismatch",
    });
  });
});

describe("renewing", () => {
  it("S-29: keeps the refresh token that Google does not repeat, as often as it is used", async () => {
    const { grant } = await connect(judged, decide());
    let held = grant;
    for (let round = 0; round < 3; round += 1) {
      now.value = new Date(now.value.getTime() + 3_599_000);
      await expect(judged.provider.inspect(held, judged.io)).rejects.toMatchObject({ trouble: "transient", code: "session_ended" });
      const next = grantOf(await judged.provider.refresh(held, judged.io), held);
      expect(next.renewal).toBe(grant.renewal);
      expect(next.access).not.toBe(held.access);
      expect(next.scopes).toEqual(grant.scopes);
      held = next;
    }
    expect(await judged.provider.inspect(held, judged.io)).toMatchObject({ id: RIYADH });
  });

  it("tells when the person removed us at Google", async () => {
    const { grant } = await connect(judged, decide());
    google.removeAtGoogle(RIYADH);
    await expect(judged.provider.refresh(grant, judged.io)).rejects.toMatchObject({ trouble: "reconnect", code: "refresh_refused" });
  });
});

describe("ending", () => {
  it("is confirmed by Google, and again where it had ended before (V-03)", async () => {
    const { grant } = await connect(judged, decide());
    expect(await judged.provider.revoke(grant, judged.io, "authorization")).toBe("remote");
    await expect(judged.provider.refresh(grant, judged.io)).rejects.toMatchObject({ trouble: "reconnect", code: "refresh_refused" });
    expect(await judged.provider.revoke(grant, judged.io, "authorization")).toBe("remote");
    const { grant: bare } = await connect(changed({ authorizeParams: {} }), decide());
    expect(await judged.provider.revoke(bare, judged.io, "authorization")).toBe("remote");
    await expect(judged.provider.inspect(bare, judged.io)).rejects.toMatchObject({ trouble: "reconnect", code: "access_refused" });
  });

  it("ends everything that the account granted, which the settings can say", async () => {
    const [first, second] = [(await connect(judged, decide())).grant, (await connect(judged, decide())).grant];
    await judged.provider.revoke(second, judged.io, "authorization");
    await expect(judged.provider.refresh(first, judged.io)).rejects.toMatchObject({ trouble: "reconnect", code: "refresh_refused" });
    expect(judged.provider.revocation).toEqual({ endsSiblings: true, tokenOnly: false });
  });
});
