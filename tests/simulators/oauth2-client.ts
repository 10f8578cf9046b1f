import type { Oauth2Settings } from "@/lib/providers/oauth2";
import { json } from "./simulator";

export type Refused = { error: string; status: number; headers?: Record<string, string> };
export type Client = { id: string; secret: string; isPublic: boolean };

/** A form post's fields, each at most once; a Refused where it is none. */
export async function readForm(request: Request): Promise<Map<string, string> | Refused> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (request.method !== "POST") return { error: "invalid_request", status: 405, headers: { allow: "POST" } };
  if (type !== "application/x-www-form-urlencoded" || new URL(request.url).search !== "") return { error: "invalid_request", status: 400 };
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(await request.text())) {
    if (fields.has(name)) return { error: "invalid_request", status: 400 };
    if (value !== "") fields.set(name, value);
  }
  return fields;
}

/** RFC 6749 section 2.3: Basic or body, never both; null when the client is who it says. */
export function authenticate(request: Request, form: Map<string, string>, client: Client): Refused | null {
  const header = request.headers.get("authorization");
  if (header === null) {
    const secret = form.get("client_secret");
    const known = form.get("client_id") === client.id;
    const right = client.isPublic ? known && secret === undefined : known && secret === client.secret;
    return right ? null : { error: "invalid_client", status: 401 };
  }
  if (form.has("client_secret")) return { error: "invalid_request", status: 400 };
  const refused = { error: "invalid_client", status: 401, headers: { "www-authenticate": 'Basic realm="simulated"' } };
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
  const [id, secret, ...rest] = encoded ? Buffer.from(encoded, "base64").toString("utf8").split(":") : [];
  if (id === undefined || secret === undefined || rest.length > 0 || client.isPublic) return refused;
  return formDecode(id) === client.id && formDecode(secret) === client.secret && (form.get("client_id") ?? client.id) === client.id
    ? null
    : refused;
}

function formDecode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}

export function refusal({ error, status, headers }: Refused): Response {
  return json(status, { error, error_description: "Refused by the simulator." }, headers);
}

/** What a provider must be configured with to be this client; the rest is announced at the issuer. */
export function oauth2SettingsOf(client: Client, issuer: string, scopes: readonly string[]): Oauth2Settings {
  return {
    name: "Standard platform",
    clientId: client.id,
    clientSecret: client.isPublic ? null : client.secret,
    issuer,
    authorizeUrl: null,
    tokenUrl: null,
    revokeUrl: null,
    introspectUrl: null,
    userinfoUrl: null,
    testUrl: null,
    apiUrl: `${new URL(issuer).origin}/api`,
    scopes,
    scopeSeparator: " ",
    authMethod: client.isPublic ? "none" : "basic",
    pkce: true,
    authorizeParams: {},
    revokeEndsAll: false,
    allowInsecure: issuer.startsWith("http:"),
  };
}
