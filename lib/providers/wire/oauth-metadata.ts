import * as oauth from "oauth4webapi";
import type { Io } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { endpoint } from "./endpoint";
import { repeatable } from "./repeatable";
import { unsettled } from "./unsettled";

const KEPT_MS = 10 * 60_000;
const ENDPOINTS = [
  "authorization_endpoint",
  "token_endpoint",
  "revocation_endpoint",
  "introspection_endpoint",
  "userinfo_endpoint",
] as const;

/** Endpoints that an admin typed in. They win over what the server announces. */
export type ByHand = Partial<Record<(typeof ENDPOINTS)[number], string>>;

/**
 * The authorization server as oauth4webapi wants it: announced at the issuer (RFC 8414, then OpenID's form), completed or
 * replaced by hand, kept for ten minutes. `known` asks nobody.
 */
export function authorizationServer(issuer: string | null, byHand: ByHand, allowInsecure: boolean) {
  let kept: { server: oauth.AuthorizationServer; until: number } | null = null;
  const complete = byHand.authorization_endpoint !== undefined && byHand.token_endpoint !== undefined;
  // Without an issuer nothing can be compared with `iss`; the library only wants a name for the server.
  const plain = { issuer: issuer ?? new URL(byHand.token_endpoint ?? "https://unset.invalid").origin, ...byHand };

  return {
    known: (): oauth.AuthorizationServer => kept?.server ?? plain,
    async find(io: Io): Promise<oauth.AuthorizationServer> {
      if (issuer === null) return plain;
      const now = io.now().getTime();
      if (kept && now < kept.until) return kept.server;
      let announced: oauth.AuthorizationServer | null;
      try {
        announced = await discover(issuer, allowInsecure, io);
      } catch (error) {
        // The older copy serves while the metadata is out of reach or gone: a renewal must not fail for it.
        if (kept && error instanceof ProviderError && error.trouble === "transient") return kept.server;
        throw error;
      }
      if (announced === null && !complete) {
        if (kept) return kept.server;
        throw new ProviderError("operator", "metadata_missing");
      }
      const server = { ...announcedParts(announced, allowInsecure), ...plain };
      kept = { server, until: now + KEPT_MS };
      return server;
    },
  };
}

/** Null where the server answers that it has no metadata; an announced issuer that differs in one character is refused. */
async function discover(issuer: string, allowInsecure: boolean, io: Io): Promise<oauth.AuthorizationServer | null> {
  let passing: ProviderError | null = null;
  for (const algorithm of ["oauth2", "oidc"] as const) {
    const options = { algorithm, [oauth.customFetch]: repeatable(io.fetch), [oauth.allowInsecureRequests]: allowInsecure };
    let status: number | null = null;
    try {
      const response = await oauth.discoveryRequest(new URL(issuer), options);
      status = response.status;
      const busy = unsettled(response, io.now(), false);
      if (busy) throw busy;
      const announced = await oauth.processDiscoveryResponse(new URL(issuer), response);
      if (announced.issuer !== issuer) throw new ProviderError("operator", "issuer_mismatch");
      return announced;
    } catch (error) {
      if (error instanceof ProviderError && error.trouble !== "transient") throw error;
      if (error instanceof oauth.OperationProcessingError && error.code === oauth.JSON_ATTRIBUTE_COMPARISON) {
        throw new ProviderError("operator", "issuer_mismatch");
      }
      if (error instanceof ProviderError) passing = error;
      else if (status === null || status < 300 || status >= 500) passing = new ProviderError("transient", "metadata_unreadable");
    }
  }
  if (passing) throw passing;
  return null;
}

function announcedParts(announced: oauth.AuthorizationServer | null, allowInsecure: boolean) {
  const found = ENDPOINTS.map((name) => [name, endpoint(announced?.[name], allowInsecure)] as const).filter(([, url]) => url !== null);
  return {
    ...Object.fromEntries(found),
    authorization_response_iss_parameter_supported: announced?.authorization_response_iss_parameter_supported === true,
  };
}
