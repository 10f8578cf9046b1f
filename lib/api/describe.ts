import type { OpenAPIHono } from "@hono/zod-openapi";
import { env } from "@/lib/env";
import { type ApiDocument, clientSource } from "./client-source";

const about = {
  openapi: "3.1.0",
  info: {
    title: "Latchkey",
    version: "1",
    description:
      "Merchants' store connections, and access to them that works now. Send a key as `Authorization: Bearer lk_…`. Times are RFC 3339 in UTC, lists come in pages, and whatever is refused is a problem (RFC 9457) whose `code` is stable. New fields may be added to answers; parameters and fields that are not known are refused.",
  },
  tags: [
    { name: "Access", description: "What to attach to a call to a platform" },
    { name: "Proxy", description: "Calls that Latchkey makes for you" },
    { name: "Connections", description: "Stores, and how they are" },
    { name: "Connect links", description: "The way in for a merchant without an account" },
    { name: "Merchants", description: "Whose stores they are" },
    { name: "Providers", description: "The platforms" },
    { name: "Events", description: "What happened" },
  ],
};

/** The routes' own description. Tags that no route has are left out. */
export function documentOf(api: OpenAPIHono, url: string): ApiDocument {
  const document = api.getOpenAPI31Document({ ...about, servers: [{ url }] }) as unknown as ApiDocument;
  const used = new Set(Object.values(document.paths).flatMap((operations) => Object.values(operations).flatMap(({ tags = [] }) => tags)));
  return { ...document, tags: about.tags.filter(({ name }) => used.has(name)) };
}

/** Adds what tells of the API: its description, and a client made of that. Anybody may read them. */
export function describe(api: OpenAPIHono): void {
  api.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description: "A key of Latchkey's: `lk_…`. What it must have the scope for stands with each operation.",
  });
  api.get("/openapi.json", (context) => context.json(documentOf(api, env().LATCHKEY_URL), 200, { "Cache-Control": "no-store" }));
  api.get("/client.ts", (context) =>
    context.body(clientSource(documentOf(api, env().LATCHKEY_URL)), 200, {
      "Content-Type": "text/plain; charset=utf-8",
      "Cache-Control": "no-store",
    }),
  );
}
