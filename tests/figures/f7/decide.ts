import type { Rule } from "./table";

export type Role = "nobody" | "stale" | "disabled" | "member" | "colleague" | "stranger" | "support" | "admin";
export type Thing = "own" | "none" | "malformed" | "nothing";
/** What came of a request: `404` stands for everything that is not there, or not for them. */
export type Decision = "let" | "sign-in" | "403" | "404" | "broken";

const column: Partial<Record<Role, number>> = { member: 0, colleague: 0, stranger: 0, support: 1, admin: 2 };

/** What must come of it: `own` is the connection of the merchant that member and colleague belong to, and stranger does not. */
export function expected({ may, store, staffElsewhere }: Rule, role: Role, thing: Thing): Decision {
  if (may === "*") return "let";
  const letter = may[column[role] ?? 9];
  if (letter === undefined) return "sign-in";
  if (letter === "-") return "403";
  if (!store || (staffElsewhere && letter === "a")) return "let";
  if (thing !== "own") return "404";
  return letter === "o" && role === "stranger" ? "404" : "let";
}

export function decisionOf(status: number, location: string | null): Decision {
  if (location?.includes("/sign-in")) return "sign-in";
  if (status === 401) return "sign-in";
  if (status === 403) return "403";
  if (status === 404) return "404";
  return status >= 500 ? "broken" : "let";
}
