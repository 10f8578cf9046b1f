import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { assertSameOrigin, isSameOrigin } from "@/lib/auth/origin";
import { setEnv } from "@/tests/auth/set-env";

vi.mock("next/headers", () => ({ headers: async () => new Headers() }));

const before = { ...process.env };
beforeAll(() => setEnv({ LATCHKEY_URL: "https://latchkey.example", DATABASE_URL: undefined }));
afterAll(() => setEnv({ LATCHKEY_URL: before.LATCHKEY_URL, DATABASE_URL: before.DATABASE_URL }));

const REFUSED: [string, Record<string, string>][] = [
  ["neither header", {}],
  ["null", { origin: "null" }],
  ["null from our own page", { origin: "null", "sec-fetch-site": "same-origin" }],
  ["foreign", { origin: "https://evil.example" }],
  ["foreign, and a proxy's host to match", { origin: "https://evil.example", "x-forwarded-host": "evil.example", host: "evil.example" }],
  ["foreign, and the browser's word for it", { origin: "https://evil.example", "sec-fetch-site": "same-origin" }],
  ["sibling", { origin: "https://shop.latchkey.example" }],
  ["longer", { origin: "https://latchkey.example.evil.example" }],
  ["another port", { origin: "https://latchkey.example:8443" }],
  ["without TLS", { origin: "http://latchkey.example" }],
  ["with a path", { origin: "https://latchkey.example/" }],
  ["typed by hand", { "sec-fetch-site": "none" }],
  ["same site", { "sec-fetch-site": "same-site" }],
  ["cross site", { "sec-fetch-site": "cross-site" }],
];

describe("a POST", () => {
  test.each(REFUSED)("%s is refused", async (_name, headers) => {
    expect(isSameOrigin(new Headers(headers))).toBe(false);
    await expect(assertSameOrigin(new Headers(headers))).rejects.toMatchObject({ status: 403 });
  });

  test.each([
    ["our origin", { origin: "https://latchkey.example" }],
    ["the browser's word", { "sec-fetch-site": "same-origin" }],
  ])("%s is accepted", async (_name, headers) => {
    await expect(assertSameOrigin(new Headers(headers))).resolves.toBeUndefined();
  });

  test("in a server action a refusal is a 403 page", async () => {
    vi.stubEnv("__NEXT_EXPERIMENTAL_AUTH_INTERRUPTS", "1");
    await expect(assertSameOrigin()).rejects.toMatchObject({ digest: "NEXT_HTTP_ERROR_FALLBACK;403" });
    vi.unstubAllEnvs();
  });
});
