import { type SpawnOptions, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chown, mkdir, open, readdir, readFile, rename, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { Place } from "./place";
import type { Programs } from "./programs";

const LOG_LIMIT = 5_000_000;
// macOS has no C.UTF-8. Elsewhere en_US may be missing, while glibc always brings C.UTF-8.
const LOCALE = process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8";

// Only what the programs need: the application's environment holds secrets, and PG… variables would steer them.
function options(place: Place): SpawnOptions {
  const env = { PATH: process.env.PATH ?? "/usr/bin:/bin", LANG: LOCALE, LC_ALL: LOCALE, TZ: "UTC" } as unknown as NodeJS.ProcessEnv;
  return { ...place.account, cwd: place.home, env };
}

async function run(place: Place, program: string, values: string[]): Promise<void> {
  const child = spawn(program, values, { ...options(place), stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2_000);
    });
  }
  const status = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (status !== 0) throw new Error(`${program} failed: ${said.trim()}`);
}

async function writeOwned(place: Place, path: string, text: string): Promise<void> {
  await rm(path, { force: true });
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
    if (place.account) await file.chown(place.account.uid, place.account.gid);
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const file = await open(path, "r");
  await file.sync().finally(() => file.close());
}

/** Makes the cluster when there is none: beside its place, then renamed, so that a half-made one is never taken for a whole. */
export async function ensureCluster(place: Place, programs: Programs): Promise<void> {
  if (existsSync(place.data)) return;
  for (const name of await readdir(place.home)) {
    if (!name.startsWith("postgres.new-")) continue;
    // The initdb of a killed process may still write there for a moment.
    await rm(join(place.home, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
  const draft = `${place.data}.new-${randomBytes(6).toString("hex")}`;
  const handed = `${draft}.password`;
  const password = randomBytes(24).toString("hex");
  await mkdir(draft, { mode: 0o700 });
  if (place.account) await chown(draft, place.account.uid, place.account.gid);
  await writeOwned({ ...place, account: undefined }, place.passwordFile, `${password}\n`);
  await writeOwned(place, handed, `${password}\n`);
  try {
    await run(place, programs.initdb, [
      `--pgdata=${draft}`,
      "--username=postgres",
      // The socket's folder is closed to others already; the password also stops what else runs as the same system user.
      "--auth=scram-sha-256",
      `--pwfile=${handed}`,
      "--encoding=UTF8",
      `--locale=${LOCALE}`,
      "--locale-provider=libc",
      "--set=timezone=UTC",
      "--set=log_timezone=UTC",
    ]);
  } finally {
    await rm(handed, { force: true });
  }
  await syncFolder(place.notes);
  await rename(draft, place.data);
  await syncFolder(place.home);
}

export async function readPassword(place: Place): Promise<string> {
  const text = await readFile(place.passwordFile, "utf8").catch(() => undefined);
  if (text === undefined)
    throw new Error(`The database in ${place.data} is here, but its password file ${place.passwordFile} is not. Restore it.`);
  return text.trim();
}

/** Starts PostgreSQL as a session of its own, which outlives this process. Resolves at once: with a function that tells whether it has ended. */
export async function launch(place: Place, programs: Programs): Promise<() => boolean> {
  const size = await stat(place.log).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT) await truncate(place.log);
  const log = await open(place.log, "a", 0o600);
  const settings = {
    listen_addresses: "",
    unix_socket_directories: place.run,
    unix_socket_permissions: "0700",
    port: "5432",
    fsync: "on",
    full_page_writes: "on",
    synchronous_commit: "on",
    max_connections: "200",
    shared_buffers: "128MB",
    // A refused statement's text and values belong in no log: the application reports its own errors.
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    log_checkpoints: "off",
  };
  const values = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(programs.postgres, ["-D", place.data, ...values], {
    ...options(place),
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  let ended = false;
  child.once("error", () => {
    ended = true;
  });
  child.once("exit", () => {
    ended = true;
  });
  child.unref();
  await log.close();
  return () => ended;
}

export async function stop(place: Place, programs: Programs, mode: "fast" | "immediate"): Promise<void> {
  await run(place, programs.pgCtl, ["stop", "-w", "-t", "60", "-m", mode, "-D", place.data]);
}

/** What a person needs to judge a server that cannot be reached: the pid on record, what that process is, the end of the log. */
export async function lastWords(place: Place): Promise<string> {
  const record = join(place.data, "postmaster.pid");
  const pid = (await readFile(record, "utf8").catch(() => "")).split("\n")[0];
  const log = (await readFile(place.log, "utf8").catch(() => "")).trim().split("\n").slice(-3).join("\n");
  const program = pid ? (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim() : "";
  let advice = "No server is on record there.";
  if (pid && program && program !== "postgres") {
    advice = `${record} names pid ${pid}, which is now "${program}": where no other container uses that folder, delete the file and start again.`;
  } else if (pid) {
    advice = `${record} names pid ${pid}: if it hangs, end it with kill -QUIT ${pid} and start again. Do not delete the file while it lives.`;
  }
  return `${advice} ${place.log} ends:\n${log}`;
}
