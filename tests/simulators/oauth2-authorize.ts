import { consentPage, type Store } from "./consent-page";
import type { Client } from "./oauth2-client";
import type { Asked } from "./oauth2-grants";
import { escapeHtml, html, type Simulator } from "./simulator";

type Rules = {
  client: Client;
  redirectUris: readonly string[];
  issuer: string;
  scopes: readonly string[];
  stores: readonly Store[];
  switches: Simulator["switches"];
  code: (asked: Asked) => string;
};

/** The authorization endpoint of RFC 6749 section 4.1.1 with S256 only, and the consent page behind it. */
export async function authorize(request: Request, rules: Rules): Promise<Response> {
  const { client, issuer, switches } = rules;
  const query = new URL(request.url).searchParams;
  const redirectUri = query.get("redirect_uri") ?? "";
  // Without a trusted client and address there is nowhere to send an error to (RFC 6749 section 4.1.2.1).
  if (query.get("client_id") !== client.id) return stay("This application is not known here.");
  if (!rules.redirectUris.includes(redirectUri)) return stay("This return address is not registered.");
  if (new Set(query.keys()).size !== [...query.keys()].length) return stay("A parameter came twice.");

  const back = (answer: Record<string, string>) => {
    const url = new URL(redirectUri);
    const state = query.get("state");
    const iss = switches.iss === "missing" ? {} : { iss: switches.iss === "wrong" ? `${issuer}/` : issuer };
    for (const [name, value] of Object.entries({ ...answer, ...(state === null ? {} : { state }), ...iss }))
      url.searchParams.set(name, value);
    return new Response(null, { status: 303, headers: { location: url.href, "cache-control": "no-store" } });
  };

  if (query.get("response_type") !== "code") return back({ error: "unsupported_response_type" });
  const asked = (query.get("scope") ?? "").split(switches.scopeForm === "comma" ? "," : " ").filter(Boolean);
  if (asked.some((scope) => !rules.scopes.includes(scope))) return back({ error: "invalid_scope" });
  const challenge = query.get("code_challenge");
  const proper = challenge !== null && query.get("code_challenge_method") === "S256" && /^[A-Za-z0-9_-]{43}$/.test(challenge);
  if ((challenge !== null || query.has("code_challenge_method") || client.isPublic) && !proper) return back({ error: "invalid_request" });

  if (request.method !== "POST") return consentPage("OAuth 2.0 platform", rules.stores, asked);
  const form = new URLSearchParams(await request.text());
  const store = rules.stores.find(({ id }) => id === form.get("store"));
  if (form.get("decision") !== "approve" || !store) return back({ error: "access_denied", error_description: "The person said no." });
  return back({ code: rules.code({ redirectUri, challenge, scopes: asked, sub: store.id }) });
}

function stay(why: string): Response {
  return html(400, `<title>Refused</title><main><h1>Simulated OAuth 2.0 platform</h1><p>${escapeHtml(why)}</p></main>`);
}
