const MOST_STEPS = 12;

/**
 * Goes the way of a browser from the product's sign-in page through the demo's identity provider, as a person who presses the buttons.
 * Resolves to the cookies that the product gave, as they stand in its answers: cookies know no ports, so who is on this host may hand them on.
 */
export async function signInAs(productUrl: string, issuer: string, sub: string): Promise<string[]> {
  const given = new Map<string, Map<string, string>>();
  const step = async (url: URL, form?: Record<string, string>): Promise<Response> => {
    const jar = given.get(url.origin) ?? new Map<string, string>();
    given.set(url.origin, jar);
    const cookie = [...jar.values()].map((line) => line.split(";")[0]).join("; ");
    const headers = { cookie, origin: url.origin, "sec-fetch-site": "same-origin", accept: "text/html" };
    const body = form && new URLSearchParams(form);
    const response = await fetch(url, { method: body ? "POST" : "GET", headers, body, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) jar.set(line.slice(0, line.indexOf("=")), line);
    return response;
  };
  let url = new URL("/sign-in/provider", productUrl);
  let response = await step(url, { to: "/", again: "1" });
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const next = response.headers.get("location") ?? ownWayOn(await response.text());
    if (next === undefined) throw new Error(`Nobody led on from ${url.pathname} (${response.status})`);
    const left = url.pathname.startsWith("/api/auth/callback");
    url = new URL(next, url);
    if (left && url.origin === productUrl) return [...(given.get(productUrl)?.values() ?? [])];
    response = await step(url, url.origin === issuer && url.pathname.startsWith("/interaction/") ? { person: sub } : undefined);
  }
  throw new Error("The sign-in led nowhere");
}

/** A page that leads on by itself. */
function ownWayOn(html: string): string | undefined {
  return /http-equiv="refresh" content="0;url=([^"]+)"/i.exec(html)?.[1]?.replaceAll("&amp;", "&");
}
