import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Context, errors, Provider } from "oidc-provider";
import { identityStore } from "./identity-store";
import { Ledger } from "./ledger";
import { escapeHtml } from "./simulator";

export type Person = { sub: string; name: string; email: string; about: string };

/** Who one can be in the demo. Their roles come from Latchkey's own data, by e-mail. */
export const people: readonly Person[] = [
  { sub: "person-mona", name: "Mona Haddad", email: "mona@riyadh-shop.example", about: "Merchant, Riyadh shop" },
  { sub: "person-yusuf", name: "Yusuf Karim", email: "yusuf@jeddah-shop.example", about: "Merchant, Jeddah shop" },
  { sub: "person-sara", name: "Sara Lind", email: "sara@latchkey.example", about: "Support agent" },
  { sub: "person-omar", name: "Omar Nasser", email: "omar@latchkey.example", about: "Administrator" },
];

type Options = { port: number; clientId: string; clientSecret: string; redirectUris: readonly string[]; ledger?: Ledger };

const DAY_S = 86_400;

/** A standard OpenID provider on 127.0.0.1 for one client. It remembers nobody: each sign-in asks who to be. */
export async function startIdentityProvider(options: Options): Promise<{ issuer: string; close: () => Promise<void> }> {
  const issuer = `http://127.0.0.1:${options.port}`;
  const provider = new Provider(issuer, configuration(options));
  keepIssued(provider, options.ledger ?? new Ledger());
  const handle = provider.callback();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", issuer).pathname;
    // A remembered session would sign the next person in as the last one, and switching would need JavaScript.
    if (path.startsWith("/auth")) forgetSession(request);
    const work = path.startsWith("/interaction/") ? interact(provider, request, response) : handle(request, response);
    work.catch((error: unknown) => {
      const gone = error instanceof errors.SessionNotFound;
      page(
        response,
        gone ? 400 : 500,
        gone ? "This sign-in has ended" : "The identity provider broke",
        "<p>Go back and sign in again.</p>",
      );
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  return {
    issuer,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Its codes and tokens are its own: it is only listened to. */
function keepIssued(provider: Provider, ledger: Ledger): void {
  provider.on("authorization_code.saved", ({ jti }) => ledger.keep(jti, "identity-code"));
  provider.on("access_token.saved", ({ jti }) => ledger.keep(jti, "identity-access"));
  provider.on("grant.success", ({ body }) => {
    const { id_token } = body as { id_token?: string };
    if (id_token) ledger.keep(id_token, "identity-id-token");
  });
}

function configuration({ clientId, clientSecret, redirectUris }: Options): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    adapter: identityStore(),
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [...redirectUris] }],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "demo" }] },
    // Cookies know no ports: their names must not meet those of the app on the same host.
    cookies: {
      keys: [randomBytes(32).toString("base64url")],
      names: { session: "idp_session", interaction: "idp_interaction", resume: "idp_resume" },
    },
    claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: { url: (_context: Context, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    ttl: { AccessToken: 3600, AuthorizationCode: 60, IdToken: 3600, Interaction: 3600, Session: DAY_S, Grant: DAY_S },
    clientBasedCORS: () => false,
    renderError(context: Context, out: { error?: string }) {
      context.type = "html";
      context.body = layout(
        "This sign-in cannot go on",
        `<p>The application asked for something wrong: <code>${escapeHtml(out.error ?? "")}</code></p>`,
      );
    },
    findAccount(_context: Context, sub: string) {
      const person = people.find((one) => one.sub === sub);
      const claims = person && { sub, name: person.name, email: person.email, email_verified: true };
      return claims && { accountId: sub, claims: () => claims };
    },
    // Choosing a person is the consent as well.
    async loadExistingGrant({ oidc }: Context) {
      const grant = new oidc.provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
  };
}

async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await provider.interactionDetails(request, response);
  if (request.method !== "POST") return page(response, 200, "Who do you want to be?", choices());
  const person = new URLSearchParams(await readBody(request)).get("person");
  if (person === "nobody") return provider.interactionFinished(request, response, { error: "access_denied" });
  if (!people.some(({ sub }) => sub === person)) return page(response, 400, "Who do you want to be?", choices());
  await provider.interactionFinished(request, response, { login: { accountId: person, remember: false } });
}

function choices(): string {
  const buttons = people.map(
    ({ sub, name, email, about }) =>
      `<li><button name="person" value="${sub}"><strong>${escapeHtml(name)}</strong><br>${escapeHtml(about)}<br><small>${escapeHtml(email)}</small></button></li>`,
  );
  return `<p>This identity provider is part of the demo. One click signs you in.</p>
<form method="post"><ul>${buttons.join("")}</ul><button name="person" value="nobody">Nobody, go back</button></form>`;
}

function layout(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem}h1{font-size:1.5rem}
ul{list-style:none;margin:0 0 1.5rem;padding:0}button{font:inherit;text-align:start;width:100%;margin-block:.25rem;padding:.75rem 1rem;border:1px solid #8888;border-radius:8px;background:none;color:inherit;cursor:pointer}
button:hover{background:#8882}small{opacity:.8}</style><main><h1>${title}</h1>${body}</main></html>`;
}

function page(response: ServerResponse, status: number, title: string, body: string): void {
  if (response.headersSent) return;
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }).end(layout(title, body));
}

function forgetSession(request: IncomingMessage): void {
  const kept = request.headers.cookie?.split(/;\s*/).filter((cookie) => !cookie.startsWith("idp_session"));
  request.headers.cookie = kept?.join("; ");
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
