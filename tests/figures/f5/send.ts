import type { Ask, Who } from "./asks";

export type Sent = { status: number; canary: boolean; crash: string | null };

const formOf = (pairs: readonly (readonly [string, string])[], multipart: boolean): FormData | URLSearchParams => {
  const form = multipart ? new FormData() : new URLSearchParams();
  for (const [name, value] of pairs) form.append(name.toWellFormed(), value.toWellFormed());
  return form;
};

/** Sends it as that person would; an answer that does not come is a crash. */
export async function send(url: string, ask: Ask, tokens: Record<Who, string | null>): Promise<Sent> {
  const token = tokens[ask.who];
  const headers = { accept: "text/html", ...ask.headers, ...(token !== null && { cookie: `latchkey.session=${token}` }) };
  const actions = ask.headers["next-action"] !== undefined || ask.surface.includes("form") || ask.surface.includes("actions");
  const body = ask.body === null || typeof ask.body === "string" ? ask.body : formOf(ask.body, actions);
  try {
    const answer = await fetch(url + ask.path, {
      method: ask.method,
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(60_000),
    });
    const said = await answer.text();
    return { status: answer.status, canary: said.includes("CNRY-"), crash: null };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
    return { status: 0, canary: false, crash: `${(error as Error).message} ${cause}` };
  }
}
