import { z } from "@hono/zod-openapi";
import { database } from "@/db/client";
import { externalIds } from "@/db/merchants";
import { healthStates } from "@/lib/connections/health";
import type { ConnectionView } from "@/lib/connections/view";

export const instant = z.iso.datetime();

export const connectionShape = z
  .object({
    id: z.string().openapi({ example: "con_8d3kz0vq5j1n7c2mwx4t" }),
    merchant: z.object({
      id: z.string().openapi({ example: "mer_0k3t9x5c7v1b2n4m6q8w" }),
      external_id: z.string().nullable().openapi({ description: "Your own id of the merchant", example: "seller-4711" }),
      name: z.string().openapi({ example: "Nile Books" }),
    }),
    provider: z.string().openapi({ description: "The platform's slug, as in GET /providers", example: "harbor" }),
    environment: z.string().openapi({ example: "production" }),
    name: z.string().nullable().openapi({ description: "What people call the store", example: "Nile Books, Cairo" }),
    account: z.string().nullable().openapi({ description: "The platform's own id of the account", example: "acct-1042" }),
    state: z.enum(healthStates).openapi({ description: "How it is, in one word; `healthy`: nothing is to be done", example: "healthy" }),
    status: z.enum(["pending", "active", "reconnect", "revoking", "revoked"]).openapi({ example: "active" }),
    scopes: z.array(z.string()).openapi({ example: ["orders.read"] }),
    expires_at: instant.nullable().openapi({ description: "When the access runs out; null: the platform names no end" }),
    renews_at: instant.nullable(),
    owner_needed_by: instant.nullable().openapi({ description: "The last moment at which anybody but the owner can keep it alive" }),
    last_proof_at: instant.nullable().openapi({ description: "When the platform last said that it works" }),
    trouble: z
      .object({ kind: z.string(), code: z.string().nullable(), since: instant.nullable() })
      .nullable()
      .openapi({ description: "What went wrong last and has not been mended" }),
    ended: z
      .object({
        at: instant.nullable(),
        confirmed: z.enum(["remote", "local", "sibling"]).nullable().openapi({
          description: "`remote`: the platform said so; `local`: it has no call for it, and only our copy is erased; null: not yet",
        }),
      })
      .nullable()
      .openapi({ description: "Of a connection that was revoked, or is being revoked" }),
    created_at: instant.nullable(),
    updated_at: instant,
  })
  .openapi("Connection");

const at = (date: Date | null): string | null => date?.toISOString() ?? null;

/** A connection as backends see it: facts, never a secret. */
const connectionOf = (view: ConnectionView, externalId: string | null): z.infer<typeof connectionShape> => ({
  id: view.id,
  merchant: { id: view.merchantId, external_id: externalId, name: view.merchantName },
  provider: view.offer,
  environment: view.environment,
  name: view.name,
  account: view.accountId,
  state: view.state,
  status: view.status,
  scopes: [...view.scopes],
  expires_at: at(view.expiresAt),
  renews_at: at(view.renewsAt),
  owner_needed_by: at(view.ownerEndAt),
  last_proof_at: at(view.lastProofAt),
  trouble: view.trouble === null ? null : { kind: view.trouble, code: view.troubleCode, since: at(view.troubleAt) },
  ended: view.revoked && { at: at(view.revoked.at), confirmed: view.revoked.confirmed },
  created_at: at(view.connectedAt),
  updated_at: view.updatedAt.toISOString(),
});

export async function connectionsOf(views: readonly ConnectionView[]): Promise<z.infer<typeof connectionShape>[]> {
  const known = await externalIds(database(), [...new Set(views.map(({ merchantId }) => merchantId))]);
  return views.map((view) => connectionOf(view, known.get(view.merchantId) ?? null));
}

export async function oneConnection(view: ConnectionView): Promise<z.infer<typeof connectionShape>> {
  const externalId = (await externalIds(database(), [view.merchantId])).get(view.merchantId) ?? null;
  return connectionOf(view, externalId);
}
