import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eraseCluster, openCluster } from "@/db/embedded";
import { findPlace } from "@/db/embedded/place";
import { keepFiles, keepSecret } from "@/tests/leaks/run-folder";
import { administer } from "@/tests/support/administer";

const TEMPLATE = "latchkey_template";

/** A PostgreSQL of the run's own, so that nobody's `.latchkey` is touched, with a migrated database for the workers to clone. */
export default async function setup(): Promise<() => Promise<void>> {
  if (!existsSync(".next/BUILD_ID") || !existsSync("dist/server.js")) throw new Error("There is no production build. Run: npm run build");
  const root = await mkdtemp(join(tmpdir(), "latchkey-test-e2e-"));
  await chmod(root, 0o755); // As root, PostgreSQL's own user must get in.
  const cluster = await openCluster({ root });
  process.env.E2E_DATABASE_SERVER = cluster.url;
  process.env.E2E_DATABASE_TEMPLATE = TEMPLATE;
  process.env.E2E_KEYS = `e2e:${keepSecret("master key", randomBytes(32).toString("base64"))}`;
  process.env.E2E_AUTH_SECRET = keepSecret("auth secret", randomBytes(33).toString("base64"));
  keepSecret("database password", new URL(cluster.url).password);
  await administer(cluster.url, `create database ${TEMPLATE} template template0 encoding 'UTF8' locale 'C.UTF-8'`);
  const url = new URL(cluster.url);
  url.pathname = `/${TEMPLATE}`;
  const migrated = spawnSync(process.execPath, ["dist/migrate.js"], {
    encoding: "utf8",
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      DATABASE_URL: url.href,
      LATCHKEY_KEYS: process.env.E2E_KEYS,
      AUTH_SECRET: process.env.E2E_AUTH_SECRET,
    },
  });
  if (migrated.status !== 0) throw new Error(`The template could not be migrated: ${migrated.stderr}`);
  return async () => {
    await cluster.leave();
    await keepFiles("browsers'", (await findPlace(root)).data);
    await eraseCluster({ root });
    await rm(root, { recursive: true, force: true });
  };
}
