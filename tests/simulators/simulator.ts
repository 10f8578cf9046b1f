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
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}

/** Plain enough to be nobody's brand, and at home on a phone and in the dark. */
const STYLE =
  "<style>:root{color-scheme:light dark}body{max-width:34rem;margin:3rem auto;padding:0 1.25rem;font:16px/1.6 system-ui,sans-serif;overflow-wrap:anywhere}fieldset{min-width:0}h1{font-size:1.5rem}h2{font-size:1rem}fieldset{margin:1rem 0;padding:.5rem 1rem;border:1px solid #8888;border-radius:8px}label{display:inline-block;padding:.35rem 0}button{min-height:44px;margin-inline-end:.5rem;padding:0 1.25rem;border:1px solid #8888;border-radius:8px;background:none;color:inherit;font:inherit;cursor:pointer}button:hover{background:#8882}button[value=approve]{border-color:transparent;background:CanvasText;color:Canvas}</style>";
/** Browsers ask for one by themselves, and an unanswered asking is an error in their console. */
const ICON = '<link rel="icon" href="data:,">';

export function html(status: number, body: string, headers: Record<string, string> = {}): Response {
  return new Response(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">${ICON}${STYLE}${body}</html>`,
    {
      status,
      headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", ...headers },
    },
  );
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
