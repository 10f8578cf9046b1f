import { AppError } from "@/lib/errors";

/** So often somebody may have packed a path into itself: more is nobody's name for anything. */
const ROUNDS = 4;

/**
 * The address of a call: `path` appended to the platform's own address as it is written, with its query. Throws AppError `bad_path` where the
 * path means, or could mean to anybody on the way, something that is not below that address.
 */
export function targetOf(apiUrl: string, path: string, search: string): string {
  const base = new URL(apiUrl);
  if (!isPlain(path)) throw new AppError("bad_path", 400);
  const wanted = `${base.pathname.replace(/\/+$/, "")}${path}`;
  const target = new URL(`${base.origin}${wanted}${search}`);
  // What the parser read differently from how it is written is no address that anybody meant.
  const same = target.origin === base.origin && target.pathname === (wanted || "/") && target.search === search;
  if (!same || target.username || target.password || target.hash) throw new AppError("bad_path", 400);
  return target.href;
}

/** No way up or aside, however often a server unpacks it before it looks. */
function isPlain(path: string): boolean {
  if (path !== "" && !path.startsWith("/")) return false;
  if (path.includes("//") || /%(?![0-9a-f]{2})/i.test(path)) return false;
  let read = path;
  for (let round = 0; round < ROUNDS; round += 1) {
    if ([...read].some((one) => one === "\\" || one < " " || one === "\u007f") || OVERLONG.test(read)) return false;
    // Some servers take what follows a semicolon for a parameter of the segment.
    if (read.split("/").some((segment) => /^\.{1,2}(?:;|$)/.test(segment))) return false;
    const next = unpacked(read);
    if (next === read) return true;
    read = next;
  }
  return false;
}

/** Dots and slashes that a careless reader of UTF-8 takes for such, byte by byte. */
const OVERLONG = /[\u00c0\u00c1][\u0080-\u00bf]|\u00e0[\u0080-\u009f][\u0080-\u00bf]|\u00f0[\u0080-\u008f][\u0080-\u00bf]{2}/;

const unpacked = (text: string) => text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
