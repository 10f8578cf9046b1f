import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { carryOut } from "./acts";
import { DeskState, type Shown } from "./desk-state";
import { deskPage, waitingPage } from "./page";
import { isLanguage, type Language } from "./texts";

export type Desk = {
  port: number;
  url: string;
  /** From here on the desk is about this demo, until what it returns is called. */
  show: (demo: Shown) => () => void;
  /** Resolves when somebody wants to start over. */
  resetAsked: () => Promise<"reset">;
  close: () => Promise<void>;
};

const MOST_BYTES = 4_096;

/**
 * Where the demo's people make things happen to its world: a page of its own beside the product, which knows nothing of it but the
 * address. It listens on loopback only and answers to its own name only, and what changes something comes from its own pages only.
 */
export async function startDesk(port: number, productUrl: string): Promise<Desk> {
  const url = `http://localhost:${port}`;
  const state = new DeskState();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent)
        send(response, 500, `The desk broke: ${error instanceof Error ? error.message : String(error)}`, "text/plain");
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Another name that leads here is somebody else's page.
    if (request.headers.host !== new URL(url).host) return send(response, 403, "This is not the name of this desk.", "text/plain");
    const asked = new URL(request.url ?? "/", url);
    if (request.method === "GET" && asked.pathname === "/") return show(response, asked.searchParams);
    if (request.method !== "POST") return send(response, 404, "There is nothing here.", "text/plain");
    if (request.headers.origin !== url) return send(response, 403, "That did not come from this desk.", "text/plain");
    const form = new URLSearchParams(await readBody(request));
    if (!state.demo) return redirect(response, `${url}/?lang=${languageOf(form)}`);
    const done = await carryOut(state, asked.pathname, form);
    if (!done) return send(response, 404, "There is nothing here.", "text/plain");
    if (done.to) return redirect(response, done.to, done.cookies);
    const query = new URLSearchParams({ lang: languageOf(form), ...done.note });
    redirect(response, `${url}/?${query}`);
  }

  async function show(response: ServerResponse, query: URLSearchParams): Promise<void> {
    const language = languageOf(query);
    const page = state.demo ? await deskPage(state, state.demo, language, query) : waitingPage(language);
    // A form that leads to the product by a redirect is a form that leads there.
    const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self' ${productUrl}; frame-ancestors 'none'; base-uri 'none'`;
    response.setHeader("content-security-policy", policy);
    send(response, 200, page, "text/html");
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port,
    url,
    show: (demo) => state.show(demo),
    resetAsked: () => state.resetAsked(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function languageOf(from: URLSearchParams): Language {
  const wanted = from.get("lang");
  return isLanguage(wanted) ? wanted : "en";
}

function send(response: ServerResponse, status: number, text: string, type: string): void {
  const headers = { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store", "x-content-type-options": "nosniff" };
  // With "no-referrer" a form would come without its origin.
  response.writeHead(status, { ...headers, "referrer-policy": "same-origin" }).end(text);
}

function redirect(response: ServerResponse, location: string, cookies: string[] = []): void {
  response.writeHead(303, { location, "cache-control": "no-store", ...(cookies.length > 0 && { "set-cookie": cookies }) }).end();
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error("too much was sent");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
