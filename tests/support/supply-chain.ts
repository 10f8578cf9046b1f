import { readFileSync } from "node:fs";

export type Locked = {
  version?: string;
  /** Stands there only for what did not come from the registry: .npmrc leaves the registry's own addresses out. */
  resolved?: string;
  integrity?: string;
  hasInstallScript?: boolean;
  inBundle?: boolean;
  link?: boolean;
  dev?: boolean;
  license?: string;
};
export type Lock = { packages: Record<string, Locked> };
export type Floor = { package: string; line?: string; floor: string; why: string };
type Manifest = {
  allowScripts: Record<string, boolean>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"));
export const readLock = () => read("package-lock.json") as Lock;
export const readManifest = () => read("package.json") as Manifest;
export const readFloors = () => read("tests/version-floors.json") as { read: string; floors: Floor[] };

const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
/** Everything that the lockfile installs, however deep, with its name. */
export const components = ({ packages }: Lock) =>
  Object.entries(packages).flatMap(([path, locked]) => (path === "" ? [] : [{ path, name: nameOf(path), ...locked }]));

/** Negative where `a` is the older: numbers by number, and a version before its release below it. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string) => {
    const [release = "", before] = version.split("+")[0]?.split(/-(.*)/) ?? [];
    return { numbers: release.split(".").map(Number), before: before === undefined ? null : before.split(".") };
  };
  const [one, other] = [parts(a), parts(b)];
  for (let at = 0; at < 3; at += 1) {
    const apart = (one.numbers[at] ?? 0) - (other.numbers[at] ?? 0);
    if (apart !== 0) return apart;
  }
  if (one.before === null || other.before === null) return Number(one.before === null) - Number(other.before === null);
  for (let at = 0; at < Math.max(one.before.length, other.before.length); at += 1) {
    const [left, right] = [one.before[at], other.before[at]];
    if (left === right) continue;
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const [m, n] = [Number(left), Number(right)];
    return Number.isNaN(m) || Number.isNaN(n) ? (left < right ? -1 : 1) : m - n;
  }
  return 0;
}

/** Which packages are older than the floor of their line, each with why that is too old. */
export function belowFloors(lock: Lock, floors: readonly Floor[]): string[] {
  return components(lock).flatMap(({ path, name, version = "0.0.0" }) => {
    const lines = floors.filter((floor) => floor.package === name);
    const floor = lines.find(({ line }) => line === version.split(".")[0]) ?? lines.find(({ line }) => line === undefined);
    return floor && compareVersions(version, floor.floor) < 0 ? [`${path} ${version} is below ${floor.floor}: ${floor.why}`] : [];
  });
}

/** What the lockfile takes from anywhere but the registry, or without knowing what it should be. */
export function strayOf(lock: Lock): string[] {
  return components(lock).flatMap(({ path, resolved, integrity, inBundle, link }) => {
    // What a package brings inside itself is a part of it, and of its checksum.
    if (inBundle) return [];
    if (link || (resolved !== undefined && !resolved.startsWith("https://registry.npmjs.org/"))) return [`${path} comes from ${resolved}`];
    return integrity ? [] : [`${path} has no checksum`];
  });
}

/** Packages with a script that npm would run on installing them, and whether the list lets it. */
export function installScripts(
  lock: Lock,
  { allowScripts }: Pick<Manifest, "allowScripts">,
): { name: string; allowed: boolean | undefined }[] {
  const names = new Set(components(lock).flatMap(({ name, hasInstallScript }) => (hasInstallScript ? [name] : [])));
  return [...names].sort().map((name) => ({ name, allowed: allowScripts[name] }));
}
