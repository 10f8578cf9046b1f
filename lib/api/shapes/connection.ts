import { z } from "@hono/zod-openapi";
import { healthStates } from "@/lib/connections/health";
import type { ConnectionView } from "@/lib/connections/view";

const instant = z.iso.datetime();

export const connectionShape = z
  .object({
    id: z.string().openapi({ example: "con_8d3kz0vq5j1n7c2mwx4t" }),
    merchant: z.object({ id: z.string(), name: z.string() }),
    provider: z.string().openapi({ description: "The platform's slug, as in GET /providers" }),
    environment: z.string().openapi({ example: "production" }),
    name: z.string().nullable().openapi({ description: "What people call the store" }),
    account: z.string().nullable().openapi({ description: "The platform's own id of the account" }),
    state: z.enum(healthStates),
    status: z.enum(["pending", "active", "reconnect", "revoking", "revoked"]),
    scopes: z.array(z.string()),
    expires_at: instant.nullable().openapi({ description: "When the access runs out; null: the platform names no end" }),
    renews_at: instant.nullable(),
    owner_needed_by: instant.nullable().openapi({ description: "The last moment at which anybody but the owner can keep it alive" }),
    last_proof_at: instant.nullable(),
    trouble: z.object({ kind: z.string(), code: z.string().nullable(), since: instant.nullable() }).nullable(),
    created_at: instant.nullable(),
    updated_at: instant,
  })
  .openapi("Connection");

const at = (date: Date | null): string | null => date?.toISOString() ?? null;

/** A connection as backends see it: facts, never a secret. */
export const connectionOf = (view: ConnectionView): z.infer<typeof connectionShape> => ({
  id: view.id,
  merchant: { id: view.merchantId, name: view.merchantName },
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
  created_at: at(view.connectedAt),
  updated_at: view.updatedAt.toISOString(),
});
