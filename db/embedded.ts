import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { withLock } from "./embedded/lock";
import { findPlace, type Place } from "./embedded/place";
import { findPrograms, type Programs } from "./embedded/programs";
import { ensureCluster, lastWords, launch, readPassword, stop } from "./embedded/server";

const HOLDER = "latchkey-holder:";
const LOCK_WAIT_MS = 60_000;
// How long to try when every start is refused, when a server is there and silent, and when it answers that it is recovering.
const REFUSED_MS = 8_000;
const SILENT_MS = 20_000;
const RECOVERING_MS = 180_000;

export interface Cluster {
  /** A pg address over the Unix socket; it stays the same when the server is restarted. */
  url: string;
  /** Gives up this process's claim; the last claim's end stops the server. */
  leave(): Promise<void>;
}

async function connectHolder(place: Place, password: string): Promise<pg.Client> {
  const holder = new pg.Client({
    host: place.run,
    port: 5432,
    user: "postgres",
    database: "postgres",
    password,
    application_name: `${HOLDER}${process.pid}`,
    connectionTimeoutMillis: 5_000,
  });
  holder.on("error", () => undefined); // A broken holder is told by 'end'; without a listener it would end the process.
  try {
    await holder.connect();
    await holder.query("select 1");
    return holder;
  } catch (error) {
    await holder.end().catch(() => undefined);
    throw error;
  }
}

/** Attaches, or starts and attaches. Whether another server may run is PostgreSQL's own decision: what it refuses is tried again for a while. */
async function attach(place: Place, programs: Programs): Promise<pg.Client> {
  const password = await readPassword(place);
  const began = performance.now();
  let ended: (() => boolean) | undefined;
  for (;;) {
    const error = await connectHolder(place, password).catch((reason: unknown) => reason as { code?: string; message?: string });
    if (error instanceof pg.Client) return error;
    if (error.code === "28P01") {
      throw new Error(`The database in ${place.data} refuses the password in ${place.passwordFile}. Restore the right one.`);
    }
    const nobodyThere = error.code === "ENOENT" || error.code === "ECONNREFUSED";
    const limit = nobodyThere ? REFUSED_MS : error.code === "57P03" ? RECOVERING_MS : SILENT_MS;
    if (performance.now() - began > limit) {
      throw new Error(`PostgreSQL in ${place.data} cannot be reached (${error.code ?? error.message}). ${await lastWords(place)}`);
    }
    if (nobodyThere && (!ended || ended())) {
      if (ended) await sleep(300);
      ended = await launch(place, programs);
    }
    await sleep(50);
  }
}

/** The application works as an ordinary role in a database of its own; only the holder is the superuser. */
async function ensureDatabase(holder: pg.Client, place: Place): Promise<void> {
  const password = await readPassword(place);
  const found = await holder.query(
    "select (select count(*) from pg_roles where rolname = 'latchkey') as roles, (select count(*) from pg_database where datname = 'latchkey') as databases",
  );
  const { roles, databases } = found.rows[0] as { roles: string; databases: string };
  if (roles === "0") await holder.query(`create role latchkey login createdb password '${password}'`);
  if (databases === "0") await holder.query("create database latchkey owner latchkey");
}

async function otherHolders(holder: pg.Client): Promise<string[]> {
  const found = await holder.query(
    "select application_name as name from pg_stat_activity where starts_with(application_name, $1) and pid <> pg_backend_pid()",
    [HOLDER],
  );
  return found.rows.map((row: { name: string }) => row.name.slice(HOLDER.length));
}

interface Claim {
  holder: pg.Client;
  programs: Programs;
}

function join(place: Place): Promise<Claim> {
  return withLock(place.run, LOCK_WAIT_MS, async () => {
    const programs = await findPrograms(place);
    await ensureCluster(place, programs);
    const holder = await attach(place, programs);
    await ensureDatabase(holder, place);
    // The claim alone keeps no process alive; @types/pg does not know the method.
    (holder as pg.Client & { unref(): void }).unref();
    return { holder, programs };
  });
}

/** Ends a claim and, where it was the last one, the server. Joining takes the same lock, so nobody joins a server that is told to stop. */
function giveUp(place: Place, { holder, programs }: Claim): Promise<void> {
  return withLock(place.run, LOCK_WAIT_MS, async () => {
    const others = await otherHolders(holder).catch(() => ["unknown"]);
    await holder.end().catch(() => undefined);
    if (others.length === 0) await stop(place, programs, "fast");
  });
}

/** Joins the cluster that belongs to the folder root (`<root>/.latchkey`), making and starting it where needed. */
export async function openCluster({ root }: { root: string }): Promise<Cluster> {
  const place = await findPlace(root);
  let left = false;
  let claim: Claim | undefined;

  // When the server goes down under us, we start it again and claim it anew: without a claim, another's leaving would stop it.
  const keep = (joined: Claim) => {
    claim = joined;
    joined.holder.once("end", () => {
      if (claim !== joined) return;
      claim = undefined;
      void rejoin();
    });
  };
  const rejoin = async () => {
    for (let waitMs = 200; !left; waitMs = Math.min(waitMs * 2, 10_000)) {
      await sleep(waitMs, undefined, { ref: false });
      if (left) return;
      const joined = await join(place).catch(() => undefined);
      if (joined && left) return giveUp(place, joined);
      if (joined) return keep(joined);
    }
  };

  keep(await join(place));
  const password = await readPassword(place);
  return {
    url: `postgres://latchkey:${password}@localhost/latchkey?host=${encodeURIComponent(place.run)}`,
    async leave() {
      if (left) return;
      left = true;
      const last = claim;
      claim = undefined;
      if (last) await giveUp(place, last);
    },
  };
}

/** Deletes the cluster of the folder root with all its data. Refuses, naming the pids, while a process uses it. */
export async function eraseCluster({ root }: { root: string }): Promise<void> {
  const place = await findPlace(root);
  await withLock(place.run, LOCK_WAIT_MS, async () => {
    if (existsSync(place.data)) {
      const programs = await findPrograms(place);
      const holder = await readPassword(place)
        .then((password) => connectHolder(place, password))
        .catch(() => undefined);
      const users = holder ? await otherHolders(holder) : [];
      await holder?.end();
      if (users.length > 0) throw new Error(`The database in ${place.data} is in use by process ${users.join(", ")}. End it first.`);
      if (holder) await stop(place, programs, "immediate");
    }
    for (const name of await readdir(place.home)) {
      if (name.startsWith("postgres") || name.startsWith("programs-"))
        await rm(path.join(place.home, name), { recursive: true, force: true });
    }
    for (const file of [place.passwordFile, place.log]) await rm(file, { force: true });
  });
  await rm(place.run, { recursive: true, force: true });
  if (place.home !== place.notes) await rm(place.home, { recursive: true, force: true });
  await rm(path.join(place.notes, "location"), { force: true });
}
