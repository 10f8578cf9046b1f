import { NextRequest } from "next/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { config, proxy } from "@/proxy";

const holder = globalThis as { latchkeyEnv?: unknown };

beforeEach(() => {
  vi.stubEnv("DATABASE_URL", "postgres://unused");
  vi.stubEnv("AUTH_SECRET", "a-secret-that-is-only-for-this-test-file");
  vi.stubEnv("LATCHKEY_KEYS", `test:${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64")}`);
  vi.stubEnv("LATCHKEY_URL", "https://latchkey.example");
});

afterEach(() => {
  vi.unstubAllEnvs();
  holder.latchkeyEnv = undefined;
});

function policyOf(response: Response): string {
  return response.headers.get("content-security-policy") ?? "";
}

describe("proxy", () => {
  it("writes a policy without unsafe-inline or unsafe-eval, and gives Next the same one", () => {
    const response = proxy(new NextRequest("https://latchkey.example/connections"));
    const policy = policyOf(response);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    expect(Buffer.from(nonce ?? "", "base64")).toHaveLength(18);
    expect(policy).toBe(
      `default-src 'self'; script-src 'self' 'nonce-${nonce}' 'strict-dynamic'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; ` +
        "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(response.headers.get("x-middleware-request-content-security-policy")).toBe(policy);
    expect(response.headers.get("x-middleware-request-x-nonce")).toBe(nonce);
  });

  it("never repeats a nonce", () => {
    const policies = Array.from({ length: 50 }, () => policyOf(proxy(new NextRequest("https://latchkey.example/"))));
    expect(new Set(policies).size).toBe(50);
  });

  it("replaces a nonce that the visitor sent", () => {
    const response = proxy(new NextRequest("https://latchkey.example/", { headers: { "x-nonce": "mine" } }));
    expect(response.headers.get("x-middleware-request-x-nonce")).not.toBe("mine");
  });

  it("stores no page, and asks for TLS only where there is TLS", () => {
    expect(proxy(new NextRequest("https://latchkey.example/")).headers.get("cache-control")).toBe("no-store");
    expect(proxy(new NextRequest("https://latchkey.example/")).headers.get("strict-transport-security")).toMatch(/^max-age=63072000/);
    vi.stubEnv("LATCHKEY_URL", "http://localhost:3000");
    holder.latchkeyEnv = undefined;
    expect(proxy(new NextRequest("http://localhost:3000/")).headers.get("strict-transport-security")).toBeNull();
  });

  it("covers every page and leaves route handlers and files alone", () => {
    const covers = (path: string) => new RegExp(`^${config.matcher}$`).test(path);
    for (const page of [
      "/",
      "/connections",
      "/connect/result/1",
      "/sign-in",
      "/providers",
      "/providers/harbor",
      "/providers/harbor/edit",
      "/apiary",
    ])
      expect(covers(page), page).toBe(true);
    for (const file of ["/api/v1/connections", "/_next/static/chunks/a.js", "/providers/oauth2.svg", "/icon.svg", "/apple-icon.png"])
      expect(covers(file), file).toBe(false);
  });
});
