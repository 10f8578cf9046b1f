import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { oauth2 } from "@/lib/providers/oauth2";
import { plainBrowser } from "@/tests/support/plain-browser";
import { certifiedServer } from "./certified-server";
import { mixUp } from "./mix-up";
import { connect, subject } from "./subject";
import { wholeLife } from "./whole-life";

const follow = (url: string) => plainBrowser()(url);

// The certified oidc-provider judges our provider: over real HTTP, by our only way out.
describe.each(["basic", "post", "none"] as const)("oidc-provider, client authentication %s", (authMethod) => {
  let judge: Awaited<ReturnType<typeof certifiedServer>>;

  beforeAll(async () => {
    judge = await certifiedServer(authMethod);
  });
  afterAll(() => judge.close());

  it("takes the whole life of a connection: consent, exchange, proof, rotation, revocation", async () => {
    await wholeLife(subject(judge.settings), follow);
  });

  it("names the account and the scopes as granted", async () => {
    const judged = subject(judge.settings);
    const { grant } = await connect(judged, follow);
    expect(grant.scopes).toEqual(["openid", "profile", "offline_access"]);
    expect(await judged.provider.inspect(grant, judged.io)).toMatchObject({ id: "store-7", label: "Riyadh shop" });
  });

  it("refuses a second use of a code and of a rotated refresh token", async () => {
    const judged = subject(judge.settings);
    const { grant, again } = await connect(judged, follow);
    await judged.provider.refresh(grant, judged.io);
    await expect(judged.provider.refresh(grant, judged.io)).rejects.toMatchObject({ trouble: "reconnect", code: "refresh_refused" });
    await expect(again()).rejects.toMatchObject({ trouble: "declined", code: "code_refused" });
  });

  it("tells a wrong secret, or a client that nobody knows, as ours to mend", async () => {
    const { grant } = await connect(subject(judge.settings), follow);
    const change = authMethod === "none" ? { clientId: "unknown" } : { clientSecret: "wrong" };
    const { io } = subject(judge.settings);
    await expect(oauth2({ ...judge.settings, ...change }).refresh(grant, io)).rejects.toMatchObject({
      trouble: "operator",
      code: "invalid_client",
    });
  });

  it("S-10: its code never reaches an attacker's platform that sent the browser on to it", async () => {
    const before = judge.calls.filter((path) => path === "/token").length;
    await mixUp(judge.settings, subject, follow);
    expect(judge.calls.filter((path) => path === "/token")).toHaveLength(before);
  });
});
