import type { Io, SessionValue } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { keyJwt } from "./key-jwt";
import type { MerchantKey } from "./noon-credential";
import { readJson } from "./read-json";
import { sessionCookies } from "./session-cookies";
import { unsettled } from "./unsettled";

type Settings = { keyId: string; privateKey: string; projectCode: string; apiUrl: string; userAgent: string };
export type Answer = { status: number; ok: boolean; json: Record<string, unknown> | null; response: Response };

/** The calls of the identity gateway; all of them run under a cookie session except the login that opens one. */
export function noonGateway(settings: Settings) {
  async function call(io: Io, path: string, cookie: string | null, body: object | null, spends = false): Promise<Answer> {
    const headers: Record<string, string> = { "User-Agent": settings.userAgent, Accept: "application/json" };
    if (cookie) headers.Cookie = cookie;
    if (body) headers["Content-Type"] = "application/json";
    const response = await io.fetch(`${settings.apiUrl}${path}`, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
    });
    const trouble = unsettled(response, io.now(), spends);
    if (trouble) throw trouble;
    return { status: response.status, ok: response.ok, json: await readJson(response), response };
  }

  /** `refused`: whose matter a refused key is. Only the gateway's own words condemn a key: front doors answer with pages. */
  async function login(
    io: Io,
    keyId: string,
    privateKey: string,
    project: string | null,
    refused: "operator" | "reconnect",
  ): Promise<SessionValue> {
    const token = keyJwt(keyId, privateKey, io.now());
    if (!token) throw new ProviderError(refused, "key_unusable");
    const body = project === null ? { token } : { token, default_project_code: project };
    const answer = await call(io, "/identity/public/v1/api/login", null, body);
    const told = answer.json?.status_code !== undefined || answer.json?.status_id !== undefined;
    // A key with an IP allow-list is refused from a new address with the same answer.
    if (told && [400, 401, 403].includes(answer.status)) throw new ProviderError(refused, "key_refused");
    if (!answer.ok || !answer.json) throw new ProviderError("transient", "bad_answer");
    const session = sessionCookies(answer.response, io.now());
    if (!session) throw new ProviderError("transient", "no_session");
    return { value: session.cookie, expiresAt: session.expiresAt };
  }

  const integrator = (io: Io, rejected?: string) =>
    io.session(
      { shared: "installation", parts: [settings.apiUrl, settings.keyId, settings.privateKey, settings.projectCode] },
      () => login(io, settings.keyId, settings.privateKey, settings.projectCode, "operator"),
      rejected,
    );

  async function isAlive(io: Io, cookie: string): Promise<boolean> {
    const answer = await call(io, "/identity/v1/whoami", cookie, null);
    return answer.ok && typeof answer.json?.user_code === "string";
  }

  return {
    login,
    integrator,

    /** A POST that may spend what it carries, under the integrator's session; renews a dead session once and repeats then only. */
    asIntegrator: async (io: Io, path: string, body: object, spends = true): Promise<Answer> => {
      const held = await integrator(io);
      const first = await call(io, path, held.value, body, spends);
      const page = !first.json && (first.ok || first.status === 403);
      if (first.status !== 401 && !page) return first;
      let fresh: SessionValue;
      try {
        // Only a dead session shows that the call was turned away before it could use what it carried.
        if (await isAlive(io, held.value)) return first;
        fresh = await integrator(io, held.value);
      } catch (error) {
        throw page && spends ? new ProviderError("doubt", "bad_answer") : error;
      }
      const second = await call(io, path, fresh.value, body, spends);
      if (second.status === 401 && !(await isAlive(io, fresh.value))) throw new ProviderError("operator", "session_refused");
      return second;
    },

    /** Throws transient `session_ended` where the session is over: the key opens another, so `refresh` and ask again. */
    whoami: async (io: Io, cookie: string): Promise<{ userCode: string }> => {
      const answer = await call(io, "/identity/v1/whoami", cookie, null);
      if (answer.status === 401 || !answer.json) throw new ProviderError("transient", "session_ended");
      if (answer.status === 403) throw new ProviderError("reconnect", "key_refused");
      if (!answer.ok || typeof answer.json.user_code !== "string") throw new ProviderError("transient", "bad_answer");
      return { userCode: answer.json.user_code };
    },

    /** Removes this one key (a call without key id would remove all of the account's): by its own session, else by the integrator's. */
    async removeKey(io: Io, key: MerchantKey): Promise<"remote" | "local"> {
      const own = await login(io, key.keyId, key.privateKey, key.projectCode ?? key.keyProjectCode, "reconnect").catch(ifRefused);
      const path = "/identity/apiuser/v1/credential/remove";
      let owner: object | null = key.channelIdentifier ? { channel_identifier: key.channelIdentifier } : null;
      if (!owner && own) owner = await this.whoami(io, own.value).then(({ userCode }) => ({ user_code: userCode }), ifRefused);
      // Nobody left to name the account: the key cannot be asked about.
      if (!owner) return "local";
      const body = { ...owner, key_id: key.keyId };
      let outcome = own ? removal(await call(io, path, own.value, body)) : "refused";
      if (outcome === "refused") outcome = removal(await this.asIntegrator(io, path, body, false));
      // A key that still logs in is not gone, whatever the directory says.
      return outcome === "removed" || (outcome === "unknown" && !own) ? "remote" : "local";
    },
  };
}

function ifRefused(error: unknown): null {
  if (error instanceof ProviderError && error.trouble === "reconnect") return null;
  throw error;
}

function removal(answer: Answer): "removed" | "unknown" | "refused" {
  if (answer.ok && answer.json?.success === true) return "removed";
  if (answer.status === 404 && answer.json?.status_code === "NOT_FOUND") return "unknown";
  if (answer.json && answer.status >= 400) return "refused";
  throw new ProviderError("transient", "not_confirmed");
}
