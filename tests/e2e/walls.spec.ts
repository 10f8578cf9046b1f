import { readdirSync } from "node:fs";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { readActions } from "@/tests/support/action-manifest";
import { freePort } from "@/tests/support/free-port";
import { standingRows } from "@/tests/support/standing-rows";
import { expect, sessionCookie, test } from "./support/test";

type Asked = { path: string; init?: RequestInit; status: number; kept?: boolean };

const script = () => readdirSync(".next/static/chunks").find((name) => name.endsWith(".js"));
const post = (headers: Record<string, string> = {}): RequestInit => ({ method: "POST", headers, body: new URLSearchParams({ a: "b" }) });

/** An answer of every kind and status that there is; `kept`: a file, which browsers may keep. */
const everyKind = (): Asked[] => [
  { path: "/sign-in", status: 200 },
  { path: "/docs", status: 200 },
  { path: "/connections", status: 307 },
  { path: "/", status: 307 },
  { path: "/nothing-here", status: 404 },
  { path: "/sign-in", init: post({ "next-action": "00".repeat(21) }), status: 409 },
  { path: "/sign-in/provider", init: post(), status: 403 },
  { path: "/api/preferences", init: post(), status: 403 },
  { path: "/api/nothing", status: 404 },
  { path: "/api/auth/session", status: 404 },
  { path: "/api/oauth/square/callback?code=a&state=b", status: 400 },
  { path: "/api/oauth/square/callback", init: { method: "HEAD" }, status: 405 },
  { path: "/api/oauth/square/start", init: post(), status: 403 },
  { path: "/api/webhooks/square", init: post(), status: 401 },
  { path: "/api/cron/renew", status: 404 },
  { path: "/api/metrics", status: 404 },
  { path: "/api/health/live", status: 200 },
  { path: "/api/v1/connections", status: 401 },
  { path: "/api/v1/nothing", status: 404 },
  { path: "/api/v1/connections", init: { method: "PATCH" }, status: 405 },
  { path: "/api/v1/openapi.json", status: 200 },
  { path: `/_next/static/chunks/${script()}`, status: 200, kept: true },
  { path: `/_next/static/chunks/${script()}.map`, status: 404 },
  { path: "/_next/static/chunks/none.js", status: 404 },
  { path: "/icon.svg", status: 200, kept: true },
  { path: "/providers/square.svg", status: 200, kept: true },
];

/** What an answer does not say, or says wrongly. */
function unsaid({ headers }: Response, kept: boolean): string[] {
  const told = (name: string) => headers.get(name) ?? "";
  const wrong = [
    !/^max-age=(\d{8,}); includeSubDomains$/.test(told("strict-transport-security")) && "strict-transport-security",
    told("x-content-type-options") !== "nosniff" && "x-content-type-options",
    told("cross-origin-opener-policy") !== "same-origin" && "cross-origin-opener-policy",
    !["same-origin", "no-referrer"].includes(told("referrer-policy")) && "referrer-policy",
    headers.has("x-powered-by") && "x-powered-by",
    !kept && !/\bno-store\b/.test(told("cache-control")) && "cache-control",
    /unsafe-(inline|eval)/.test(told("content-security-policy")) && "content-security-policy",
    told("content-type").startsWith("text/html") &&
      !/frame-ancestors 'none'/.test(told("content-security-policy")) &&
      "content-security-policy of a page",
    headers.has("access-control-allow-origin") && "access-control-allow-origin",
  ];
  return wrong.flatMap((name) => (name === false ? [] : [`${name}: ${told(name)}`]));
}

test("S-55 S-105 S-106: every answer of whatever status and kind says what browsers are to hear, and only files are kept", async ({
  installation,
  someone,
}) => {
  const port = await freePort();
  const second = await installation.start({ LATCHKEY_URL: "https://latchkey.example" }, port);
  try {
    const wrong: string[] = [];
    const ask = async ({ path, init, status, kept = false }: Asked) => {
      const answer = await fetch(`http://localhost:${port}${path}`, { redirect: "manual", ...init });
      await answer.arrayBuffer();
      const name = `${init?.method ?? "GET"} ${path.slice(0, 60)}`;
      if (answer.status !== status) wrong.push(`${name}: ${answer.status} in place of ${status}`);
      for (const one of unsaid(answer, kept)) wrong.push(`${name} (${answer.status}): ${one}`);
    };
    for (const asked of everyKind()) await ask(asked);
    const cookie = `__Host-${sessionCookie}=${(await someone("admin")).token}`;
    await ask({ path: "/people", init: { headers: { cookie } }, status: 200 });
    await ask({ path: "/people", init: { headers: { cookie, rsc: "1" }, redirect: "follow" }, status: 200 });
    await database().execute(sql`alter table memberships rename to memberships_elsewhere`);
    try {
      await ask({ path: "/people", init: { headers: { cookie, accept: "text/html" } }, status: 500 });
      await ask({ path: "/api/v1/connections", init: { headers: { authorization: `Bearer lk_${"0".repeat(38)}` } }, status: 401 });
    } finally {
      await database().execute(sql`alter table memberships_elsewhere rename to memberships`);
    }
    expect(wrong).toEqual([]);
  } finally {
    await second.stop();
  }
});

test("S-104: each page comes with a nonce of its own, and no script or style stands in it without one", async ({
  installation,
  someone,
}) => {
  const cookie = `${sessionCookie}=${(await someone("admin")).token}`;
  const nonces = new Set<string>();
  const paths = ["/sign-in", "/docs", "/nothing-here", "/health", "/providers/new", "/audit", "/api/oauth/square/callback"];
  for (const path of paths) {
    const answer = await fetch(installation.url + path, { headers: { cookie, accept: "text/html" } });
    const html = await answer.text();
    const nonce = /'nonce-([^']+)'/.exec(answer.headers.get("content-security-policy") ?? "")?.[1] ?? "";
    nonces.add(nonce);
    const bare = [...html.matchAll(/<(?:script|style)\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !tag.includes(`nonce="${nonce}"`));
    expect(bare, path).toEqual([]);
    expect(html, path).not.toMatch(/\son\w+="|\sstyle="|href="javascript:/i);
  }
  expect(nonces.size).toBe(paths.length);
});

test("S-109: there is no image optimizer, whatever it is asked for", async ({ installation }) => {
  for (const image of [
    "/icon.svg",
    "https://evil.example/a.png",
    "//evil.example/a.png",
    "http://169.254.169.254/",
    "data:image/png;base64,AA",
  ])
    for (const path of ["/_next/image", "/_next/image/"]) {
      const answer = await fetch(`${installation.url}${path}?url=${encodeURIComponent(image)}&w=640&q=75`);
      expect([400, 404], `${path} ${image}`).toContain(answer.status);
    }
});

const EVIL = "https://evil.example";
const FORGED = "another site that forged everything";
/** What a request that is not from a page of ours may say; tests/unit/origin.test.ts knows more of them. */
const elsewhere: Record<string, Record<string, string>> = {
  "no Origin": {},
  "Origin null": { origin: "null" },
  "the same site's other host": { "sec-fetch-site": "same-site" },
  [FORGED]: { origin: EVIL, "x-forwarded-host": "evil.example", forwarded: "host=evil.example", "sec-fetch-site": "same-origin" },
};

test("S-57 S-84 S-85: no action of the build does anything without our Origin, for nobody, by script or by form", async ({
  installation,
  someone,
}) => {
  test.setTimeout(120_000);
  const actions = readActions();
  expect(actions.length).toBeGreaterThan(40);
  const { token } = await someone("admin");
  const before = await standingRows();
  const send = async (id: string, page: string, headers: Record<string, string>, byScript: boolean) => {
    const body = new FormData();
    body.set(byScript ? "0" : `$ACTION_ID_${id}`, byScript ? '["$K1"]' : "");
    if (byScript) body.set("1_userId", "usr_00000000000000000000");
    const answer = await fetch(installation.url + page, {
      method: "POST",
      redirect: "manual",
      body,
      headers: {
        ...headers,
        ...(byScript && { "next-action": id }),
        ...(headers.cookie === undefined && { cookie: `${sessionCookie}=${token}` }),
      },
    });
    await answer.arrayBuffer();
    return answer;
  };
  const through: string[] = [];
  for (const { id, name, file, page } of actions)
    for (const [what, headers] of Object.entries(elsewhere))
      for (const byScript of what === FORGED ? [true, false] : [true]) {
        const { status, headers: told } = await send(id, page, headers, byScript);
        // Next itself gives up where the Origin is not the Host's. Else a script is told 403, a form 404.
        if (status !== (byScript ? 403 : 404) && !(status === 400 && headers.origin !== undefined))
          through.push(`${file} ${name}, ${what}: ${status} ${told.get("location") ?? ""}`);
      }
  expect(through).toEqual([]);
  expect(await standingRows()).toEqual(before);
  // From a page of ours the same is listened to.
  const signOut = actions.find(({ name }) => name === "signOutAction");
  const answer = await send(signOut?.id ?? "", "/health", { origin: installation.url }, true);
  expect(answer.headers.get("x-action-redirect")?.split(";")[0]).toBe("/sign-in?notice=signed_out");
});
