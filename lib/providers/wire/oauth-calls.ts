import * as oauth from "oauth4webapi";
import type { Io } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { oauthTrouble, unreadable } from "./oauth-trouble";
import type { Oauth2Settings } from "./oauth2-settings";
import { repeatable } from "./repeatable";
import { printable, standardTokenAnswer } from "./standard-token-answer";
import { unsettled } from "./unsettled";

/** The calls to one authorization server, each with its failures told by consequence. */
export function oauthCalls(settings: Oauth2Settings) {
  const client: oauth.Client = { client_id: settings.clientId };
  const secret = settings.clientSecret ?? "";
  const authentication =
    settings.authMethod === "none"
      ? oauth.None()
      : settings.authMethod === "post"
        ? oauth.ClientSecretPost(secret)
        : oauth.ClientSecretBasic(secret);
  const options = (fetch: Io["fetch"]) => ({ [oauth.customFetch]: fetch, [oauth.allowInsecureRequests]: settings.allowInsecure });

  async function token(
    call: "exchange" | "refresh",
    io: Io,
    send: () => Promise<Response>,
    judge: (answer: Response) => Promise<oauth.TokenEndpointResponse>,
  ): Promise<oauth.TokenEndpointResponse> {
    let status: number | null = null;
    try {
      const response = await send();
      status = response.status;
      const busy = unsettled(response, io.now(), true);
      if (busy) throw busy;
      const answer = await standardTokenAnswer(response, settings.scopeSeparator, settings.scopes);
      if (answer === null) {
        // Without a readable body the challenge still tells that the client was refused (RFC 6749 section 5.2).
        const challenged = status === 401 && response.headers.has("www-authenticate");
        throw challenged ? new ProviderError("operator", "invalid_client") : unreadable(call, status);
      }
      const issued = await judge(answer);
      if (issued.token_type !== "bearer" || !printable(issued.access_token)) throw unreadable(call, status);
      return issued;
    } catch (error) {
      throw oauthTrouble(error, call, status);
    }
  }

  return {
    client,
    exchange: (server: oauth.AuthorizationServer, query: URLSearchParams, redirectUri: string, verifier: string | null, io: Io) =>
      token(
        "exchange",
        io,
        () =>
          oauth.authorizationCodeGrantRequest(
            server,
            client,
            authentication,
            query,
            redirectUri,
            verifier ?? oauth.nopkce,
            options(io.fetch),
          ),
        (answer) => oauth.processAuthorizationCodeResponse(server, client, answer),
      ),

    refresh: (server: oauth.AuthorizationServer, refreshToken: string, io: Io) =>
      token(
        "refresh",
        io,
        () => oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options(io.fetch)),
        (answer) => oauth.processRefreshTokenResponse(server, client, answer),
      ),

    /** False where the server does not revoke tokens of this kind. Unknown and dead tokens count as revoked. */
    async revoke(server: oauth.AuthorizationServer, value: string, hint: "refresh_token" | "access_token", io: Io): Promise<boolean> {
      const additionalParameters = { token_type_hint: hint };
      let status: number | null = null;
      try {
        const response = await oauth.revocationRequest(server, client, authentication, value, {
          ...options(repeatable(io.fetch)),
          additionalParameters,
        });
        status = response.status;
        const busy = unsettled(response, io.now(), false);
        if (busy) throw busy;
        if (!response.ok) await oauth.processRevocationResponse((await standardTokenAnswer(response, " ")) ?? response);
        return true;
      } catch (error) {
        const word = error instanceof oauth.ResponseBodyError ? error.error : null;
        if (word === "unsupported_token_type") return false;
        if (word === "invalid_token" || word === "invalid_grant") return true;
        throw oauthTrouble(error, "repeatable", status);
      }
    },

    /** Null where the server keeps introspection for others. */
    async introspect(server: oauth.AuthorizationServer, access: string, io: Io): Promise<oauth.IntrospectionResponse | null> {
      let status: number | null = null;
      try {
        const response = await oauth.introspectionRequest(server, client, authentication, access, {
          ...options(repeatable(io.fetch)),
          additionalParameters: { token_type_hint: "access_token" },
        });
        status = response.status;
        const busy = unsettled(response, io.now(), false);
        if (busy) throw busy;
        if (!response.ok && settings.introspectUrl === null) return null;
        if (status === 401) throw new ProviderError("operator", "invalid_client");
        return await oauth.processIntrospectionResponse(server, client, response);
      } catch (error) {
        throw oauthTrouble(error, "repeatable", status);
      }
    },
  };
}
