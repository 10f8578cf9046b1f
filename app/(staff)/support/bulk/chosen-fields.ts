import type { Chosen } from "@/lib/bulk/selection";

/** What was chosen, as the fields of a form or of an address that asks for it again. */
export function fieldsOf({ act, ids, query }: Chosen): [name: string, value: string][] {
  const which: [string, string][] =
    query === null
      ? ids.map((id): [string, string] => ["id", id])
      : [
          ["all", "1"],
          ["query", query],
        ];
  return [["act", act], ...which];
}
