import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { latchkey } from "@/lib/api/client/latchkey";
import { createKey } from "@/lib/keys/create-key";
import { makeMerchant } from "@/tests/auth/people";
import { staff } from "@/tests/support/journey";
import { norceUser } from "./support/journey";
import { expect, test } from "./support/test";

/** The section's examples by their language, but for the one in which a reader's own key stands. */
function examples(): { language: string; code: string }[] {
  const [, section = ""] = readFileSync("README.md", "utf8").split("## For your backends\n");
  const [own = ""] = section.split("\n## ");
  return [...own.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
    .map(([, language = "", code = ""]) => ({ language, code }))
    .filter(({ code }) => !code.includes("lk_…"));
}

const there = (program: string): boolean => spawnSync(program, ["--version"]).status === 0;

/** Beside the test, which holds the platforms: they must go on answering. */
function run(
  program: string,
  given: string[],
  options: { cwd: string; env: Record<string, string> },
): Promise<{ status: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, given, { ...options, env: { NODE_ENV: "production", PATH: process.env.PATH ?? "", ...options.env } });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (said += piece));
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, said }));
  });
}

test("README's examples for backends work as they stand: curl, TypeScript, Python", async ({ installation }) => {
  const { url, world } = installation;
  const scopes = ["access:read", "connections:read", "connections:write"];
  const { token } = await createKey(await staff("admin"), { name: "orders-sync", scopes });
  const user = norceUser(world);
  const { body } = await latchkey({ url, key: token }).importConnection({
    provider: "norce",
    merchant: await makeMerchant("Nile Books"),
    values: {
      mode: "commerce",
      slug: user.slug,
      region: "se",
      client_id: user.clientId,
      client_secret: user.clientSecret,
      environment: "stage",
      application_id: String(user.applications[0]),
    },
  });
  const id = body.connection?.id ?? "";
  const cwd = mkdtempSync(join(tmpdir(), "latchkey-readme-"));
  const options = { cwd, env: { LATCHKEY_URL: url, LATCHKEY_API_KEY: token } };
  const [shell, typescript, python] = ["sh", "ts", "python"].map((language) => {
    const found = examples().filter((example) => example.language === language);
    expect(found, language).toHaveLength(1);
    return found[0]?.code ?? "";
  });
  try {
    if (there("curl")) {
      const { status, said } = await run("sh", ["-ec", shell ?? ""], options);
      expect([status, said]).toEqual([0, expect.stringContaining(id)]);
    } else {
      test.info().annotations.push({ type: "not run", description: "curl is not installed" });
      writeFileSync(join(cwd, "client.ts"), await (await fetch(`${url}/api/v1/client.ts`)).text());
    }
    writeFileSync(join(cwd, "orders.ts"), typescript ?? "");
    const called = await run(process.execPath, ["orders.ts", id, "/commerce/metadata/1.1/GetApplication?format=json"], options);
    expect([called.status, called.said]).toEqual([0, expect.stringMatching(/^200 \{/m)]);
    const refused = await run(process.execPath, ["orders.ts", "con_nowhere"], options);
    expect([refused.status, refused.said]).toEqual([1, expect.stringMatching(/^not_found There is nothing here/m)]);
    if (there("python3")) {
      writeFileSync(join(cwd, "events.py"), python ?? "");
      const { status, said } = await run("python3", ["events.py"], options);
      expect([status, said]).toEqual([0, expect.stringMatching(new RegExp(`Z connection\\.connected ${id}$`, "m"))]);
      const other = await run("python3", ["events.py"], { cwd, env: { ...options.env, LATCHKEY_API_KEY: "lk_none" } });
      expect([other.status, other.said]).toEqual([1, expect.stringContaining("This key is not known")]);
    } else test.info().annotations.push({ type: "not run", description: "python3 is not installed" });
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});

test("the API's reference is a page for whoever opens it, also without a script", async ({ browser, installation }) => {
  const page = await (await browser.newContext({ baseURL: installation.url, javaScriptEnabled: false })).newPage();
  await page.goto("/docs");
  await page.getByRole("link", { name: "Find connections" }).first().click();
  expect(new URL(page.url()).hash).toBe("#listConnections");
  const card = page.getByRole("region", { name: "Find connections" });
  await expect(card).toContainText(`curl '${installation.url}/api/v1/connections'`);
  await card.getByRole("link", { name: "ConnectionList" }).first().click();
  await expect(page.locator("#shape-ConnectionList")).toContainText("data");
  const [description, client] = await Promise.all(
    ["OpenAPI description", "TypeScript client"].map((name) => page.getByRole("link", { name }).getAttribute("href")),
  );
  expect((await page.request.get(description ?? "")).headers()["content-type"]).toContain("application/json");
  expect(await (await page.request.get(client ?? "")).text()).toContain("export function latchkey(");
});
