import { endpoint } from "./endpoint";
import type { ByHand } from "./oauth-metadata";

export type Oauth2Settings = {
  name: string;
  clientId: string;
  clientSecret: string | null;
  /** Compared character for character; its metadata fills the endpoints that are null. */
  issuer: string | null;
  authorizeUrl: string | null;
  tokenUrl: string | null;
  revokeUrl: string | null;
  introspectUrl: string | null;
  userinfoUrl: string | null;
  /** Any GET that answers 2xx to a working token. */
  testUrl: string | null;
  /** Where the API lives that access is for; null: at the test URL's origin. */
  apiUrl: string | null;
  scopes: readonly string[];
  scopeSeparator: string;
  authMethod: "basic" | "post" | "none";
  pkce: boolean;
  authorizeParams: Record<string, string>;
  /** Revoking one token ends all that its account ever granted this client. */
  revokeEndsAll: boolean;
  /** Allows http on loopback. */
  allowInsecure: boolean;
};

const OURS = ["response_type", "response_mode", "client_id", "client_secret", "redirect_uri", "scope", "state", "code_challenge"];
const RESERVED = new Set([...OURS, "code_challenge_method", "request", "request_uri"]);

/** The endpoints by hand. Throws an Error that names every setting that cannot work. */
export function checkSettings(settings: Oauth2Settings): ByHand {
  const faults: string[] = [];
  if (settings.clientId === "") faults.push("the client id is empty");
  if (settings.authMethod === "none" && !settings.pkce) faults.push("a client without authentication needs PKCE");
  if (settings.authMethod !== "none" && !settings.clientSecret)
    faults.push(`client authentication "${settings.authMethod}" needs a client secret`);
  if (settings.scopeSeparator === "") faults.push("the scope separator is empty");
  if (settings.issuer === null && !(settings.authorizeUrl && settings.tokenUrl)) {
    faults.push("without an issuer both the authorize URL and the token URL are needed");
  }
  if (settings.issuer?.includes("?")) faults.push("the issuer has a query");
  if (settings.apiUrl?.includes("?")) faults.push("apiUrl has a query");
  const own = settings.authorizeUrl && URL.canParse(settings.authorizeUrl) ? [...new URL(settings.authorizeUrl).searchParams.keys()] : [];
  for (const name of [...own, ...Object.keys(settings.authorizeParams)]) {
    if (RESERVED.has(name)) faults.push(`the authorize parameter "${name}" is set by Latchkey`);
  }
  const { issuer, authorizeUrl, tokenUrl, revokeUrl, introspectUrl, userinfoUrl, testUrl, apiUrl } = settings;
  for (const [name, url] of Object.entries({ issuer, authorizeUrl, tokenUrl, revokeUrl, introspectUrl, userinfoUrl, testUrl, apiUrl })) {
    if (url !== null && endpoint(url, settings.allowInsecure) === null)
      faults.push(`${name} must be an https URL without fragment or user name`);
  }
  if (faults.length > 0) throw new Error(`OAuth 2.0 settings: ${faults.join("; ")}.`);
  const byHand = {
    authorization_endpoint: authorizeUrl,
    token_endpoint: tokenUrl,
    revocation_endpoint: revokeUrl,
    introspection_endpoint: introspectUrl,
    userinfo_endpoint: userinfoUrl,
  };
  return Object.fromEntries(Object.entries(byHand).filter(([, url]) => url !== null)) as ByHand;
}
