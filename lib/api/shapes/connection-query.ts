import { z } from "@hono/zod-openapi";
import type { Asked } from "@/lib/connections/find-connections";
import { healthStates } from "@/lib/connections/health";
import { windowOf } from "@/lib/connections/window";
import { paging } from "./page";
import { text } from "./text";

const states = healthStates.filter((state) => state !== "pending");
const word = z.string().regex(/^[\w.-]{1,64}$/, "One word of letters, digits, dots and dashes");

const window = (what: string) =>
  z
    .string()
    .max(80)
    .refine(
      (text) => windowOf(text) !== null,
      "A span such as `7d`, `past` or `2030-01-01T00:00Z..2030-02-01T00:00Z`, either end of which may be missing",
    )
    .optional()
    .openapi({
      description: `${what}: \`7d\`, \`past\`, or \`<from>..<to>\` with instants of UTC, either of which may be missing`,
      example: "7d",
    });

export const connectionQuery = z.strictObject({
  state: z
    .string()
    .max(200)
    .refine(
      (text) => text.split(",").every((state) => (states as string[]).includes(state)),
      `One or more of ${states.join(", ")}, by commas`,
    )
    .optional()
    .openapi({
      description: `One or more of ${states.map((state) => `\`${state}\``).join(", ")}, by commas`,
      example: "needs_reconnect,expiring_soon",
    }),
  provider: word.optional().openapi({ description: "A platform's slug, as in GET /providers", example: "harbor" }),
  environment: word.optional().openapi({ example: "production" }),
  cause: word.optional().openapi({ description: "The code of a trouble", example: "invalid_grant" }),
  merchant: text(200).min(1).optional().openapi({ description: "By your own id of the merchant, or ours", example: "seller-4711" }),
  account: text(200).min(1).optional().openapi({ description: "The platform's own id of an account", example: "acct-1042" }),
  q: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ description: "Words in names, accounts and ids, as the support console finds them", example: "nile" }),
  renews: z.enum(["yes", "no"]).optional().openapi({ description: "Whether its access is renewed by itself" }),
  runs_out: window("When access runs out"),
  due: window("When a renewal is due"),
  created: window("When it was made, days back"),
  sort: z.enum(["created", "attention", "updated", "runs_out", "no_return"]).default("created").openapi({
    description:
      "`created` is the only order in which nothing moves while you read page after page. `runs_out` and `no_return` list only those that have such a moment.",
    example: "created",
  }),
  ...paging,
});

export function askedOf({
  state,
  provider,
  environment,
  cause,
  merchant,
  account,
  q,
  renews,
  runs_out,
  due,
  created,
  ...rest
}: z.infer<typeof connectionQuery>): Asked {
  return { query: { state, offer: provider, env: environment, cause, q, renews, runs_out, due, created }, merchant, account, ...rest };
}
