import type { Budget } from "@/lib/keys/take-budget";

/** What is left of the key's second, as draft-ietf-httpapi-ratelimit-headers-10 has it. */
export const budgetHeaders = ({ limit, left }: Budget): Record<string, string> => ({
  "ratelimit-policy": `"key";q=${limit};w=1`,
  ratelimit: `"key";r=${left};t=1`,
});
