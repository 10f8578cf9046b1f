import type { Rule } from "./leak-search";

const at = (where: string) => new RegExp(`^${where}$`);
const setCookie = (of: string) => at(`answers: ${of} header set-cookie`);

/** Where a secret has to be, or nobody could use it. Everything else that holds one is a leak. */
export const rules: readonly Rule[] = [
  {
    kind: /^cookie latchkey\.session$/,
    where: setCookie("(POST /api/auth/callback/email|GET /api/auth/callback/oidc) 303"),
    why: "signing in sets the session's cookie",
  },
  {
    kind: /^cookie latchkey\.flow\./,
    where: setCookie("POST /api/oauth/\\w+/start 200"),
    why: "the start binds the attempt to its browser",
  },
  {
    kind: /^cookie authjs\./,
    where: setCookie("(POST /sign-in/provider|POST /api/auth/callback/email|GET /api/auth/callback/oidc) 303"),
    why: "next-auth keeps its checks, encrypted, in the browser that signs in",
  },
  {
    kind: /^(noon|ultracart|square|oauth2) state$/,
    where: at("answers: POST /api/oauth/\\w+/start 200 body"),
    why: "the browser takes its state to the platform in the address that this page leads to",
  },
  {
    kind: /^state in a callback$/,
    where: at("answers: (POST /sign-in/provider 303 header set-cookie|GET /sign-in/continue 200 body)"),
    why: "the browser takes its state to the identity provider in the address that this page leads to",
  },
  {
    kind: /^token of a mailed link$/,
    where: at("(answers: GET /sign-in/link 200 body|mail: \\d+)"),
    why: "the mail is the link, and the page that it opens has the button that spends it",
  },
  {
    kind: /^token of a mailed link$/,
    where: at("answers: GET /sign-in/link 307 header location"),
    why: "whoever asks for that address as Next's router does is led back to it, with a mark for caches",
  },
  {
    kind: /^master key$/,
    where: at("working folder: .latchkey/keys"),
    why: "a file for the server alone keeps the keys that nobody configured",
  },
  { kind: /^auth secret$/, where: at("working folder: .latchkey/auth-secret"), why: "as the keys" },
  { kind: /^database password$/, where: at("working folder: .latchkey/postgres-password"), why: "as the keys" },
];
