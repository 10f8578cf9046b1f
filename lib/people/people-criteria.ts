import { typedText } from "@/lib/ids";

export const peopleRoles = ["admin", "support", "merchant", "disabled", "none"] as const;

export type PeopleCriteria = { q: string; role: (typeof peopleRoles)[number] | null; merchant: string | null };

/** What an address asks for; whatever it does not understand narrows nothing. */
export function peopleCriteriaOf(query: Record<string, string | undefined>): PeopleCriteria {
  return {
    q: typedText(query.q ?? "").slice(0, 200),
    role: peopleRoles.find((role) => role === query.role) ?? null,
    merchant: /^mer_\w{1,60}$/.test(query.merchant ?? "") ? (query.merchant ?? null) : null,
  };
}

export const peopleQuery = (criteria: PeopleCriteria): URLSearchParams =>
  new URLSearchParams(Object.entries(criteria).flatMap(([name, value]) => (value ? [[name, value]] : [])));
