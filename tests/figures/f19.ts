import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  belowFloors,
  components,
  installScripts,
  type Lock,
  readFloors,
  readLock,
  readManifest,
  strayOf,
} from "@/tests/support/supply-chain";
import { doesOf, type Figure } from "./figure";

const mutants: Record<string, { does: string; change: (lock: Lock) => void }> = {
  "older-next": {
    does: "the lockfile holds a version of Next below its floor",
    change: ({ packages }) => set(packages, "next", { version: "16.4.4" }),
  },
  "from-git": {
    does: "one package comes from a repository",
    change: ({ packages }) => set(packages, "zod", { resolved: "git+https://github.com/a/b.git#1" }),
  },
  "without-checksum": { does: "one package has no checksum", change: ({ packages }) => set(packages, "pg", { integrity: undefined }) },
  "unlisted-script": {
    does: "one package brings an install script that nobody has judged",
    change: ({ packages }) => set(packages, "hono", { hasInstallScript: true }),
  },
};

function set(packages: Lock["packages"], name: string, change: object): void {
  packages[`node_modules/${name}`] = { ...packages[`node_modules/${name}`], ...change };
}

/** A bill of materials without what differs each time that it is made: its number, its moment, and the folder's name. */
function billOf(): { hash: string; components: number } {
  const bill = JSON.parse(execFileSync("npm", ["run", "--silent", "sbom"], { encoding: "utf8", maxBuffer: 64e6 })) as {
    serialNumber?: string;
    metadata: { timestamp?: string; component: { name?: string } };
    components: unknown[];
  };
  delete bill.serialNumber;
  delete bill.metadata.timestamp;
  delete bill.metadata.component.name;
  return { hash: createHash("sha256").update(JSON.stringify(bill)).digest("hex"), components: bill.components.length };
}

export const figure: Figure = {
  title: "What is installed: where from, how old, which scripts run, under which licences",
  mutants: doesOf(mutants),
  gate: ["external"],
  night: ["external"],
  complete: true,
  measure: async ({ mutant }) => {
    const lock = readLock();
    if (mutant !== null) mutants[mutant]?.change(lock);
    const manifest = readManifest();
    const { read, floors } = readFloors();
    const all = components(lock);
    const old = belowFloors(lock, floors);
    const stray = strayOf(lock);
    const scripts = installScripts(lock, manifest);
    const unjudged = scripts.filter(({ allowed }) => allowed === undefined).map(({ name }) => name);
    const licences: Record<string, number> = {};
    for (const { license = "none named" } of all) licences[license] = (licences[license] ?? 0) + 1;
    const direct = Object.keys(manifest.dependencies).length + Object.keys(manifest.devDependencies).length;
    const bill = billOf();
    const again = billOf();
    const released = all.filter(({ dev }) => !dev).length;
    return {
      n: all.length,
      of: "packages",
      failures: old.length + stray.length + unjudged.length + (bill.hash === again.hash ? 0 : 1),
      line:
        `${all.length} packages (${direct} of them named by us, ${released} in a release): ${old.length} below their floors, ${stray.length} from elsewhere than the registry or ` +
        `without a checksum; ${scripts.length} would run a script, ${scripts.filter(({ allowed }) => allowed).length} are let, ${unjudged.length} nobody has judged`,
      result: {
        packages: all.length,
        direct,
        inARelease: released,
        floors: floors.length,
        floorsRead: read,
        belowFloors: old,
        stray,
        scripts,
        licences: Object.fromEntries(Object.entries(licences).sort(([, a], [, b]) => b - a)),
        sbom: { format: "CycloneDX", components: bill.components, sha256: bill.hash },
        lockfileSha256: createHash("sha256").update(readFileSync("package-lock.json")).digest("hex"),
      },
    };
  },
  notTested: ["advisories that came after the floors were read", "what the packages do"],
};
