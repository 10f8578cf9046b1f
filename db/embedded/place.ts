import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, chown, link, lstat, mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Account, canEnter, serverAccount } from "./account";

export interface Place {
  /** `<root>/.latchkey`: password and log, and the note of where the rest is. */
  notes: string;
  /** What the server's account must enter: `notes` itself, or a folder under /var/lib/latchkey. */
  home: string;
  data: string;
  /** Holds the server's socket and our lock; nobody but the server's account and root may enter. */
  run: string;
  log: string;
  passwordFile: string;
  account: Account | undefined;
}

const SHARED_HOME = "/var/lib/latchkey";
// The kernel's limit is 107 bytes (103 on macOS) for the whole path of a socket.
const SOCKET_PATH_LIMIT = 100;

// mkdir's mode is cut by the umask, hence the chmod.
async function folder(path: string, mode: number): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(path, { recursive: true });
  await chmod(path, mode);
}

async function remember(notes: string, home: string): Promise<string> {
  const note = join(notes, "location");
  const draft = `${note}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${home}\n`);
  try {
    await link(draft, note); // Fails when another process was first: its note counts.
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(note, "utf8")).trim();
}

async function chooseHome(root: string, notes: string, account: Account | undefined): Promise<string> {
  const noted = await readFile(join(notes, "location"), "utf8").catch(() => undefined);
  if (noted !== undefined) return noted.trim();
  if (!account || canEnter(account, notes)) return notes;
  if (existsSync(join(notes, "postgres"))) {
    throw new Error(
      `PostgreSQL's user can no longer enter ${notes}, where the database is. Let it: chmod o+x that folder and those above it.`,
    );
  }
  // Salted: a new clone at the path of a deleted one must not meet the old clone's data.
  const hash = createHash("sha256").update(root).update(randomBytes(16)).digest("hex").slice(0, 16);
  return remember(notes, join(SHARED_HOME, hash));
}

function takesSockets(directory: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(join(directory, `try-${randomBytes(4).toString("hex")}`), () => server.close(() => resolve(true)));
  });
}

async function prepareRun(path: string, account: Account | undefined): Promise<boolean> {
  if (!/^[\w/.-]+$/.test(path) || Buffer.byteLength(join(path, ".s.PGSQL.5432")) > SOCKET_PATH_LIMIT) return false;
  await mkdir(path, { mode: 0o700 }).then(
    () => (account ? chown(path, account.uid, account.gid) : undefined),
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
  // Under /tmp anybody could have made it first, or put a link in its place.
  const found = await lstat(path);
  const ours = found.uid === (account?.uid ?? process.getuid?.()) || (account && found.uid === 0);
  if (!found.isDirectory() || !ours || (found.mode & 0o077) !== 0) {
    throw new Error(`${path} must be a folder of PostgreSQL's user with mode 0700, and is not. Remove it.`);
  }
  if (account && found.uid === 0) await chown(path, account.uid, account.gid); // Its maker was killed before its own chown.
  return takesSockets(path);
}

/** Finds, and makes where missing, the folders of the cluster that belongs to root. */
export async function findPlace(root: string): Promise<Place> {
  if (process.platform === "win32") throw new Error("The embedded PostgreSQL needs Unix sockets. Set DATABASE_URL instead.");
  const account = await serverAccount();
  const at = await realpath(root);
  const notes = join(at, ".latchkey");
  await folder(notes, account ? 0o711 : 0o700);
  const home = await chooseHome(at, notes, account);
  if (home !== notes) {
    await folder(SHARED_HOME, 0o711);
    await folder(home, 0o711);
  }
  let run = join(home, "run");
  if (!(await prepareRun(run, account))) {
    run = `/tmp/latchkey-${account?.uid ?? process.getuid?.()}-${createHash("sha256").update(home).digest("hex").slice(0, 12)}`;
    if (!(await prepareRun(run, account))) throw new Error(`No Unix socket can be made in ${run}. Set DATABASE_URL instead.`);
  }
  const data = join(home, "postgres");
  return { notes, home, data, run, log: join(notes, "postgres.log"), passwordFile: join(notes, "postgres-password"), account };
}
