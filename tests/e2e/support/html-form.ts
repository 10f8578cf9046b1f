import { sessionCookie } from "./test";

export type Visitor = { url: string; token?: string | undefined };

const HEADERS = { accept: "text/html", "accept-language": "en" };
const cookie = ({ token }: Visitor): Record<string, string> => (token ? { cookie: `${sessionCookie}=${token}` } : {});

async function open(visitor: Visitor, path: string): Promise<string> {
  return (await fetch(new URL(path, visitor.url), { headers: { ...HEADERS, ...cookie(visitor) }, redirect: "manual" })).text();
}

/** A form of a page, filled in: what a browser without a script would send, and where. */
export type Filled = { url: URL; init: RequestInit };

/** Fills in the form of a page whose HTML `has` that: all its hidden fields, and `values`. */
export async function fillForm(visitor: Visitor, path: string, has: RegExp, values: Record<string, string> = {}): Promise<Filled> {
  const html = await open(visitor, path);
  const form = [...html.matchAll(/<form\b[^>]*>.*?<\/form>/gs)].map(([text]) => text).find((text) => has.test(text));
  if (!form) throw new Error(`${path} has no form with ${has}`);
  const body = new FormData();
  for (const [input] of form.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)) body.set(attribute(input, "name"), attribute(input, "value"));
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  const action = attribute(/^<form\b[^>]*>/.exec(form)?.[0] ?? "", "action");
  const headers = { ...HEADERS, ...cookie(visitor), origin: visitor.url };
  return { url: new URL(action || path, visitor.url), init: { method: "POST", headers, body, redirect: "manual" } };
}

export async function submitForm(...of: Parameters<typeof fillForm>): Promise<Response> {
  const { url, init } = await fillForm(...of);
  return fetch(url, init);
}

const ENTITIES: Record<string, string> = { "&quot;": '"', "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#x27;": "'" };

function attribute(tag: string, name: string): string {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return value.replace(/&(quot|amp|lt|gt|#x27);/g, (entity) => ENTITIES[entity] ?? entity);
}
