import { describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/auth/actor";
import { checkEndpoints } from "@/lib/offers/check-endpoints";
import { discoverEndpoints } from "@/lib/offers/discover-endpoints";
import { ProviderError } from "@/lib/providers/provider-error";
import { useEnv } from "@/tests/auth/set-env";
import { oauth2Simulator } from "@/tests/simulators/oauth2";

useEnv({ LATCHKEY_URL: "https://latchkey.test" });

const admin: UserActor = {
  kind: "user",
  id: "usr_1",
  name: "Omar",
  email: "omar@latchkey.example",
  role: "admin",
  merchants: [],
  signedInAt: new Date(),
};
const world = { origin: "https://harbor.test", now: () => new Date() };
const harbor = oauth2Simulator(world);
const at = (path: string) => `https://harbor.test${path}`;
const toHarbor = async (url: string, init?: RequestInit) => harbor.handle(new Request(url, { redirect: "manual", ...init }));
const answering = (answer: () => Response) => async () => answer();

describe("finding endpoints", () => {
  it("takes them from the issuer's own announcement, and only where that is the issuer's", async () => {
    expect(await discoverEndpoints(admin, "https://harbor.test", toHarbor)).toEqual({
      found: {
        authorizeUrl: at("/authorize"),
        tokenUrl: at("/token"),
        revokeUrl: at("/revoke"),
        introspectUrl: at("/introspect"),
        userinfoUrl: at("/userinfo"),
      },
    });
    const missing = answering(() => new Response(null, { status: 404 }));
    expect(await discoverEndpoints(admin, "https://harbor.test", missing)).toEqual({ finding: "missing" });
    const another = oauth2Simulator(world);
    another.switches.metadataIssuer = "https://evil.test";
    const lying = async (url: string) => another.handle(new Request(url));
    expect(await discoverEndpoints(admin, "https://harbor.test", lying)).toEqual({ finding: "other_issuer" });
  });

  it.each(["http://harbor.test", "https://10.0.0.1", "https://169.254.169.254", "https://harbor.test:22", "https://harbor.test/?a=1", "x"])(
    "S-91 does not even ask %s",
    async (issuer) => {
      const never = () => Promise.reject(new Error("asked"));
      expect(await discoverEndpoints(admin, issuer, never)).toEqual({ finding: "not_allowed" });
    },
  );
});

describe("checking endpoints", () => {
  const all = { authorizeUrl: at("/authorize"), tokenUrl: at("/token"), revokeUrl: at("/revoke"), userinfoUrl: at("/userinfo") };

  it("finds those of a standard server good, without a client, a secret or a token in the question", async () => {
    const sent: string[] = [];
    const watched = async (url: string, init?: RequestInit) => {
      sent.push(`${JSON.stringify(init?.headers ?? {})} ${init?.body ?? ""}`);
      return toHarbor(url, init);
    };
    const checked = await checkEndpoints(admin, { ...all, introspectUrl: at("/introspect"), testUrl: at("/api/me") }, watched);
    expect(checked.map(({ endpoint, finding }) => `${endpoint} ${finding}`)).toEqual([
      "authorizeUrl good",
      "tokenUrl good",
      "revokeUrl good",
      "introspectUrl good",
      "userinfoUrl good",
      "testUrl good",
    ]);
    expect(sent.join("\n")).not.toMatch(/authorization"|client_id|client_secret/);
  });

  it("tells a wrong address by its class: gone, broken, open to anybody, of another kind", async () => {
    const finding = async (endpoint: keyof typeof all, answer: () => Response) =>
      (await checkEndpoints(admin, { [endpoint]: all[endpoint] }, answering(answer)))[0]?.finding;
    expect(await finding("tokenUrl", () => new Response(null, { status: 404 }))).toBe("missing");
    expect(await finding("tokenUrl", () => new Response(null, { status: 503 }))).toBe("failing");
    expect(await finding("tokenUrl", () => new Response("<html>", { status: 200 }))).toBe("odd");
    expect(await finding("tokenUrl", () => new Response("<html>", { status: 400 }))).toBe("odd");
    expect(await finding("userinfoUrl", () => Response.json({}))).toBe("open");
  });

  it("S-98: an address that may not be called, and a port where nobody answers, look like what they are and like nothing more", async () => {
    const refused = () => Promise.reject(new ProviderError("operator", "address_not_allowed"));
    const silent = () => Promise.reject(new ProviderError("transient", "unreachable"));
    const broken = () => Promise.reject(new ProviderError("doubt", "no_whole_answer"));
    const finding = async (fetch: () => Promise<Response>) => (await checkEndpoints(admin, { tokenUrl: all.tokenUrl }, fetch))[0]?.finding;
    expect(await finding(refused)).toBe("not_allowed");
    expect([await finding(silent), await finding(broken)]).toEqual(["unreachable", "unreachable"]);
    const merchant = { ...admin, role: "merchant" } as UserActor;
    await expect(checkEndpoints(merchant, all, refused)).rejects.toMatchObject({ status: 403 });
  });
});
