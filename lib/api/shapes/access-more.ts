import { z } from "@hono/zod-openapi";
import { problemSchema } from "@/lib/api/operation-route";
import { type Problem, problemOf } from "@/lib/api/problem";
import type { InBatch } from "@/lib/connections/access-batch";
import { accessOf, accessShape } from "./access";

const resultShape = z.object({
  connection: z.string(),
  status: z.int().openapi({ description: "What the one call would have been answered with" }),
  access: accessShape.optional(),
  problem: problemSchema.optional(),
});

export const batchShape = z.object({ results: z.array(resultShape) }).openapi("AccessBatch");

/** One of many, with its own answer. */
export async function batchOf(one: InBatch): Promise<z.infer<typeof resultShape>> {
  if ("handed" in one) return { connection: one.id, status: 200, access: accessOf(one.handed) };
  const refused = problemOf(one.error);
  const wait = refused.headers.get("retry-after");
  const problem = { ...((await refused.json()) as Problem), ...(wait !== null && { retry_after: Number(wait) }) };
  return { connection: one.id, status: refused.status, problem };
}

export const reportShape = z
  .object({
    verdict: z.enum(["works", "renewed", "replaced", "unsure", "checking"]).openapi({
      description:
        "works: the platform takes it, so what was refused was the call. renewed: newer access has taken its place. replaced: it had been replaced before. unsure: the platform could not be asked. checking: it is being asked.",
    }),
    generation: z.int().openapi({ description: "The newest one" }),
  })
  .openapi("AccessReport");

export const credentialsShape = z
  .object({
    connection: z.string(),
    provider: z.string(),
    environment: z.string(),
    account: z.string().nullable(),
    credentials: z.record(z.string(), z.unknown()).openapi({ description: "As the platform made it. Keep it as you keep your own keys." }),
  })
  .openapi("AccessCredentials");
