import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { env } from "@/lib/env";
import { mayCall, outside } from "@/lib/http";
import type { Io } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { authorizationServer } from "@/lib/providers/wire/oauth-metadata";
import type { Finding } from "./check-endpoints";

type Found = Record<"authorizeUrl" | "tokenUrl" | "revokeUrl" | "introspectUrl" | "userinfoUrl", string>;

/** Words for what only reading an issuer's metadata finds. */
const FINDINGS: Record<string, Finding> = { metadata_missing: "missing", issuer_mismatch: "other_issuer", unreachable: "unreachable" };

/** The endpoints that an issuer announces (RFC 8414, then OpenID's form), through the guarded door; else why there are none. */
export async function discoverEndpoints(
  actor: UserActor,
  issuer: string,
  fetch: Io["fetch"] = outside(),
): Promise<{ found: Found } | { finding: Finding }> {
  authorize(actor, "providers.manage");
  if (!mayCall(issuer) || issuer.includes("?")) return { finding: "not_allowed" };
  const session = () => Promise.reject(new Error("Reading metadata needs no session."));
  try {
    const server = await authorizationServer(issuer, {}, env().LATCHKEY_ALLOW_PRIVATE_NETWORK).find({
      fetch,
      now: () => new Date(),
      session,
    });
    return {
      found: {
        authorizeUrl: server.authorization_endpoint ?? "",
        tokenUrl: server.token_endpoint ?? "",
        revokeUrl: server.revocation_endpoint ?? "",
        introspectUrl: server.introspection_endpoint ?? "",
        userinfoUrl: server.userinfo_endpoint ?? "",
      },
    };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { finding: FINDINGS[error.code] ?? (error.trouble === "operator" ? "not_allowed" : "odd") };
  }
}
