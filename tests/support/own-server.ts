import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { serverAccount } from "@/db/embedded/account";
import { findPrograms } from "@/db/embedded/programs";
import { keepFiles } from "@/tests/leaks/run-folder";
import { freePort } from "./free-port";

interface OwnServer {
  /** For a plain role that may create databases, which is what a hosted PostgreSQL gives. */
  server: string;
  end(): Promise<void>;
}

// Ends the server also when this process is killed: then the shell's input ends. A background job has no input of its own.
const UNTIL_LEFT = 'exec 3<&0; "$@" & server=$!; (read -r line <&3; kill -QUIT "$server") 2>/dev/null & wait "$server"';
const START_MS = 20_000;

const closed = (child: ChildProcess) =>
  new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", (status) => resolve(status)));

function flags(port: number): string[] {
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    max_connections: "200",
    // Nothing here outlives the run.
    fsync: "off",
    full_page_writes: "off",
    synchronous_commit: "off",
    // What fills an emptied table in one transaction stays out of the log of changes, which is kept and searched.
    wal_level: "minimal",
    max_wal_senders: "0",
    log_min_messages: "log",
    log_min_error_statement: "panic",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Its client once it answers; undefined where it ended before, as it does when its port is taken. */
async function answering(address: string, ended: () => boolean): Promise<pg.Client | undefined> {
  for (const began = performance.now(); performance.now() - began < START_MS; await sleep(30)) {
    if (ended()) return undefined;
    const client = new pg.Client({ connectionString: address });
    const answers = await client.connect().then(
      () => true,
      () => false,
    );
    if (answers) return client;
  }
  return undefined;
}

/** A PostgreSQL that knows nothing of db/embedded but its programs: reached over TCP, as a company's own or a hosted one. */
export async function startOwnServer(prefix: string): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await chmod(folder, 0o755); // As root, PostgreSQL's own user must get in.
  const account = await serverAccount();
  const [data, passwordFile, logFile] = [join(folder, "data"), join(folder, "password"), join(folder, "log")];
  const programs = await findPrograms({ notes: folder, home: folder, data, run: folder, log: logFile, passwordFile, account });
  const password = randomBytes(12).toString("hex");
  const log = await open(logFile, "a", 0o600);
  const run = (script: string, ...values: string[]) =>
    spawn("/bin/sh", ["-c", script, "sh", ...values], {
      ...account,
      cwd: folder,
      env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" } as unknown as NodeJS.ProcessEnv,
      stdio: ["pipe", log.fd, log.fd],
    });
  const erase = async () => {
    await log.close();
    await rm(folder, { recursive: true, force: true });
  };

  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [data, passwordFile]) await chown(path, account.uid, account.gid);
  const make = [`--pgdata=${data}`, "--no-sync", "--auth=scram-sha-256", "--username=postgres", `--pwfile=${passwordFile}`];
  const made = (await closed(run('exec "$@"', programs.initdb, ...make))) === 0;

  for (let tries = 0; made && tries < 5; tries += 1) {
    const port = await freePort();
    const address = (user: string) => `postgres://${user}:${password}@127.0.0.1:${port}/postgres`;
    const server = run(UNTIL_LEFT, programs.postgres, "-D", data, ...flags(port));
    const ended = closed(server);
    const client = await answering(address("postgres"), () => server.exitCode !== null);
    const end = async () => {
      server.stdin?.end();
      await ended;
    };
    if (!client) {
      await end();
      continue;
    }
    await client.query(`create role latchkey login createdb password '${password}'`);
    await client.end();
    const stop = async () => {
      await end();
      await keepFiles("own", data);
      await erase();
    };
    return { server: address("latchkey"), end: stop };
  }
  const said = (await readFile(logFile, "utf8")).slice(-2_000);
  await erase();
  throw new Error(`A PostgreSQL for the tests could not be started: ${said}`);
}
