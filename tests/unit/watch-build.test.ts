import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readEnv } from "@/lib/env";
import { offersFromEnv } from "@/lib/offers/from-env";
import { watchBuild } from "@/tests/support/watch-build";

const root = mkdtempSync(join(tmpdir(), "latchkey-build-"));
afterAll(() => rmSync(root, { recursive: true }));

// The build itself is watched by whoever makes it: `npm test` and `npm run demo`.
describe("S-52 a build that is watched", () => {
  it("is fine when it only builds", () => expect(watchBuild(async () => undefined, root)).resolves.toBeUndefined());

  it("has everybody to talk to in its settings", () =>
    watchBuild(async (settings) => {
      const own = {
        DATABASE_URL: "postgres://localhost/x",
        LATCHKEY_KEYS: `k1:${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64")}`,
        AUTH_SECRET: "x".repeat(40),
      };
      const env = readEnv({ ...settings, ...own, NODE_ENV: "production" });
      expect(
        offersFromEnv(env)
          .offers.map(({ slug }) => slug)
          .sort(),
      ).toEqual(["noon", "norce", "oauth2", "square", "ultracart"]);
    }, root));

  it.each(["SQUARE_API_URL", "OAUTH2_ISSUER", "OIDC_ISSUER", "NOON_API_URL", "ULTRACART_API_URL"])(
    "fails when it calls %s",
    async (name) => {
      const called = watchBuild(async (settings) => void (await fetch(settings[name] ?? "").catch(() => undefined)), root);
      await expect(called).rejects.toThrow("called");
    },
  );

  it("fails when it makes a database or keys beside it", async () => {
    const made = watchBuild(async () => {
      mkdirSync(join(root, ".latchkey"));
      writeFileSync(join(root, ".latchkey/keys"), "");
    }, root);
    await expect(made).rejects.toThrow("keys in .latchkey");
    await watchBuild(async () => undefined, root);
  });

  it("fails as it failed", () => expect(watchBuild(() => Promise.reject(new Error("no memory")), root)).rejects.toThrow("no memory"));
});
