import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

export interface Account {
  uid: number;
  gid: number;
}

function find(): Account | undefined {
  const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, "postgres"], { encoding: "utf8" }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** Whom PostgreSQL runs as: undefined for an ordinary user (itself); as root, whom it refuses, the system's user postgres. */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  let said = "";
  // Several processes may create it at once; all but one are refused and then find it.
  for (let tries = 0; tries < 20; tries += 1) {
    const account = find();
    if (account) return account;
    const made = spawnSync("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"], {
      encoding: "utf8",
    });
    said = made.error?.message ?? made.stderr.trim();
    if (made.status !== 0) await sleep(250);
  }
  throw new Error(`PostgreSQL does not run as root, and the user postgres could not be created (${said}). Create it, or set DATABASE_URL.`);
}

/** Whether that account can really enter the folder, asked by trying: modes alone do not tell of ACLs and mounts. */
export function canEnter(account: Account, directory: string): boolean {
  return spawnSync("test", ["-x", directory], { ...account, cwd: "/" }).status === 0;
}
