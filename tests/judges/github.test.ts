import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Grant } from "@/lib/providers/contract";
import { type Oauth2Settings, oauth2 } from "@/lib/providers/oauth2";
import { listen } from "@/tests/simulators/listen";
import { freePort } from "@/tests/support/free-port";
import { plainBrowser } from "@/tests/support/plain-browser";
import { type GithubShaped, githubShaped } from "./github-shaped";
import { connect, consent, REDIRECT_URI, type Subject, subject } from "./subject";

// A GitHub-shaped server judges the generic provider, which knows of it by its settings alone.
let github: GithubShaped;
let judged: Subject;
let close: () => Promise<void>;
const now = { value: new Date() };

beforeEach(async () => {
  now.value = new Date();
  const port = await freePort();
  github = githubShaped({ origin: `http://127.0.0.1:${port}`, now: () => now.value }, REDIRECT_URI);
  ({ close } = await listen(github, port));
  judged = subject(github.settings);
});
afterEach(() => close());

const decide =
  (form: Record<string, string> = {}) =>
  (url: string) =>
    plainBrowser()(url, { store: "583231", decision: "approve", ...form });
const changed = (change: Partial<Oauth2Settings>): Subject => ({ ...judged, provider: oauth2({ ...github.settings, ...change }) });

describe("connecting", () => {
  it("asks with spaces, is answered with commas, and stores each scope as one", async () => {
    const { grant } = await connect(judged, decide());
    expect(grant.scopes).toEqual(["repo", "gist"]);
    expect(await judged.provider.inspect(grant, judged.io)).toEqual({ id: "583231", label: "Riyadh shop" });
    expect(judged.provider.headers(grant)).toEqual({ authorization: `Bearer ${grant.access}` });
  });

  it("stores the scopes that the person left, none of them too", async () => {
    expect((await connect(judged, decide({ granted: "gist" }))).grant.scopes).toEqual(["gist"]);
    expect((await connect(judged, decide({ granted: "" }))).grant.scopes).toEqual([]);
  });

  it("takes an access without an end and without a way to renew it for what it is", async () => {
    const { grant } = await connect(judged, decide());
    expect([grant.expiresAt, grant.renewal]).toEqual([null, null]);
    await expect(judged.provider.refresh(grant, judged.io)).rejects.toMatchObject({ trouble: "reconnect", code: "no_refresh_token" });
    expect(judged.provider.policy(false).kind).toBe("none");
  });

  it("names an account by its number, also one without a name", async () => {
    const { grant } = await connect(judged, decide({ store: "583232" }));
    expect(await judged.provider.inspect(grant, judged.io)).toEqual({ id: "583232", label: null });
  });

  it("would be answered in form encoding if it did not ask for JSON", async () => {
    const io = { ...judged.io, fetch: (url: string, init: RequestInit = {}) => judged.io.fetch(url, without(init, "accept")) };
    await expect(connect({ ...judged, io }, decide())).rejects.toMatchObject({ trouble: "doubt", code: "bad_answer" });
    const answer = await fetch(`${github.settings.tokenUrl}`, { method: "POST", body: new URLSearchParams() });
    expect(new URLSearchParams(await answer.text()).get("error")).toBe("incorrect_client_credentials");
  });
});

describe("refusals, each with status 200", () => {
  it("a code that was used, ran out, or comes with another's verifier", async () => {
    const { again } = await connect(judged, decide());
    await expect(again()).rejects.toMatchObject({ trouble: "declined", code: "code_refused" });
    const late = await consent(judged, decide());
    now.value = new Date(now.value.getTime() + 600_000);
    await expect(judged.provider.exchange(late, judged.io)).rejects.toMatchObject({ trouble: "declined", code: "code_refused" });
    const stolen = { ...(await consent(judged, decide())), verifier: "v".repeat(43) };
    await expect(judged.provider.exchange(stolen, judged.io)).rejects.toMatchObject({ trouble: "declined", code: "code_refused" });
    expect(github.ledger.calls.filter(({ name }) => name === "access_token").map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it.each([
    ["a wrong secret", { clientSecret: "CNRY-wrong" }],
    ["a secret in a header, which GitHub does not read", { authMethod: "basic" as const }],
  ])("%s is ours to mend", async (_what, change) => {
    const answer = await consent(judged, decide());
    const wrong = changed(change);
    await expect(wrong.provider.exchange(answer, wrong.io)).rejects.toMatchObject({ trouble: "operator", code: "invalid_client" });
  });

  it("a return address that GitHub does not know is ours to mend, at both ends", async () => {
    const answer = { ...(await consent(judged, decide())), redirectUri: "http://127.0.0.1:3000/elsewhere" };
    await expect(judged.provider.exchange(answer, judged.io)).rejects.toMatchObject({ trouble: "operator", code: "redirect_uri_mismatch" });
    const read = async (redirectUri: string) => {
      const asked = { state: "s".repeat(43), redirectUri, challenge: "c".repeat(43), locale: "en" };
      const back = await decide()(await judged.provider.authorizationUrl(asked, judged.io));
      return judged.provider.readAnswer(new URL(back.headers.get("location") ?? "").searchParams);
    };
    expect(await read("http://127.0.0.1:3000/elsewhere")).toEqual({ kind: "error", outcome: "our_fault" });
    github.switches.suspended = true;
    expect(await read(REDIRECT_URI)).toEqual({ kind: "error", outcome: "our_fault" });
  });

  it("a person's no is no error of anybody's", async () => {
    const { query } = await consent(judged, decide({ decision: "deny" }));
    expect(judged.provider.readAnswer(query)).toEqual({ kind: "error", outcome: "denied" });
  });
});

describe("ending", () => {
  const bearer = ({ access }: Grant) => fetch(`${github.settings.testUrl}`, { headers: { authorization: `Bearer ${access}` } });

  it("is local: GitHub has no RFC 7009, so nothing is claimed and the access still works there", async () => {
    const { grant } = await connect(judged, decide());
    const calls = github.ledger.calls.length;
    expect(await judged.provider.revoke(grant, judged.io, "authorization")).toBe("local");
    expect(github.ledger.calls).toHaveLength(calls);
    expect((await bearer(grant)).status).toBe(200);
  });

  it("by GitHub's own call, or by the person there, is noticed", async () => {
    const { grant } = await connect(judged, decide());
    const basic = Buffer.from(`${github.settings.clientId}:${github.clientSecret}`).toString("base64");
    const ended = await fetch(`${new URL(`${github.settings.testUrl}`).origin}/applications/${github.settings.clientId}/token`, {
      method: "DELETE",
      headers: { authorization: `Basic ${basic}` },
      body: JSON.stringify({ access_token: grant.access }),
    });
    expect(ended.status).toBe(204);
    await expect(judged.provider.inspect(grant, judged.io)).rejects.toMatchObject({ trouble: "reconnect", code: "access_refused" });
    const other = await connect(judged, decide());
    github.removeAtGithub(583231);
    await expect(judged.provider.inspect(other.grant, judged.io)).rejects.toMatchObject({ trouble: "reconnect", code: "access_refused" });
  });

  it("is never confirmed by an address that does something else", async () => {
    const wrong = changed({ revokeUrl: `${new URL(`${github.settings.testUrl}`).origin}/applications/${github.settings.clientId}/token` });
    const { grant } = await connect(wrong, decide());
    await expect(wrong.provider.revoke(grant, wrong.io, "authorization")).rejects.toMatchObject({ trouble: "transient" });
    expect((await bearer(grant)).status).toBe(200);
  });
});

function without(init: RequestInit, name: string): RequestInit {
  const headers = new Headers(init.headers);
  headers.delete(name);
  return { ...init, headers };
}
