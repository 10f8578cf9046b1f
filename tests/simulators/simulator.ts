import type { Ledger } from "./ledger";

/** A platform as a strict function: tests pass `handle` as `fetch`, the demo puts the same function on a port. */
export type Simulator = {
  /** The registry's id of the provider that talks to it. */
  id: string;
  ledger: Ledger;
  handle: (request: Request) => Promise<Response>;
  /** Switches that a test or the demo's menu may flip: names and meaning are the simulator's own. */
  switches: Record<string, boolean | number | string>;
};

/** What a simulator needs of its world; `now` is moved by tests. `origin` has no trailing slash. */
export type World = { origin: string; now: () => Date };

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", "cache-control": "no-store", ...headers } });
}

export function html(status: number, body: string, headers: Record<string, string> = {}): Response {
  return new Response(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">${body}</html>`, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", ...headers },
  });
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
