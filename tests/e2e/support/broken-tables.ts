import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { shortCode } from "@/lib/connections/short-code";
import { approve, type Started, start } from "./consent";
import { type Filled, fillForm } from "./html-form";
import type { Installation } from "./installation";
import { type Someone, sessionCookie } from "./test";

/** Something that was asked while a table was away, and the reference that the person was given. */
export type Broken = { asked: string; reference: string };
type Asked = { name: string; url: URL; init: RequestInit };

const TABLES = ["connections", "attempts", "sessions", "merchants", "events"];
const PAGES: Record<string, readonly string[]> = {
  mona: ["/connections", "/connect/square", "/connections/*"],
  sara: ["/support", "/support/*"],
  omar: ["/health", "/alerts", "/audit", "/people", "/import"],
};

/** Takes one table after the other away and asks for pages, flights, actions, a start and a callback; resolves to what broke. */
export async function breakTables(
  installation: Installation,
  cast: Record<"mona" | "sara" | "omar", Someone>,
  id: string,
): Promise<Broken[]> {
  const asked = [...pages(installation, cast, id), ...(await forms(installation, cast, id)), await callback(installation, cast.mona)];
  const broken: Broken[] = [];
  for (const table of TABLES) {
    await database().execute(sql.raw(`alter table ${table} rename to ${table}_elsewhere`));
    try {
      for (const { name, url, init } of asked) {
        const answer = await fetch(url, init);
        const text = await answer.text();
        if (answer.status < 500) continue;
        const reference = /digest\W+(\d{6,})|data-dgst="(\d+)"|Reference: (\w+)/.exec(text)?.slice(1).find(Boolean);
        broken.push({ asked: `${name} without ${table}`, reference: reference ?? "" });
      }
    } finally {
      await database().execute(sql.raw(`alter table ${table}_elsewhere rename to ${table}`));
    }
  }
  return broken;
}

function pages({ url }: Installation, cast: Record<string, Someone>, id: string): Asked[] {
  return Object.entries(PAGES).flatMap(([who, paths]) =>
    paths.flatMap((path) => {
      const at = new URL(path.replace("*", id), url);
      const cookie = `${sessionCookie}=${cast[who]?.token}`;
      const flight = { rsc: "1", cookie };
      return [
        { name: `${path} as ${who}`, url: at, init: { headers: { cookie, accept: "text/html" } } },
        { name: `${path} as ${who}, by the router`, url: at, init: { headers: flight, redirect: "follow" as const } },
      ];
    }),
  );
}

/** Filled in while everything was well. */
async function forms({ url }: Installation, { mona, sara }: Record<"mona" | "sara", Someone>, id: string): Promise<Asked[]> {
  const wanted: Record<string, Promise<Filled>> = {
    "the merchant's test": fillForm({ url, token: mona.token }, `/connections/${id}`, /name="id"/),
    "staff's test": fillForm({ url, token: sara.token }, `/support/${id}`, /name="connectionId"/, { act: "test" }),
    "staff's revocation": fillForm({ url, token: sara.token }, `/support/${id}/revoke`, /name="cause"/, {
      cause: "misuse",
      details: "Ticket 4711",
      confirm: shortCode(id),
    }),
    "pasted values": fillForm({ url, token: mona.token }, "/connect/norce", /value-client_secret/),
    "a start": fillForm({ url, token: mona.token }, "/connect/oauth2", /name="attemptId"/),
  };
  return Promise.all(Object.entries(wanted).map(async ([name, filled]) => ({ name, ...(await filled) })));
}

/** A code that comes back, each time as if for the first. */
async function callback(installation: Installation, who: Someone): Promise<Asked> {
  const started: Started = await start(installation, who, "oauth2");
  const query = await approve(installation, "oauth2", started);
  const cookie = Object.entries(started.cookies)
    .map((pair) => pair.join("="))
    .join("; ");
  return {
    name: "a callback",
    url: new URL(`/api/oauth/oauth2/callback?${query}`, installation.url),
    init: { headers: { cookie }, redirect: "manual" },
  };
}
