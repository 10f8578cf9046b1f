/** Goes to a URL, or posts a form there; follows redirects while they stay on the starting origin. `url` is where it ended. */
export type Visit = (url: string, form?: Record<string, string>) => Promise<Response>;

/** A browser without JavaScript on one origin: cookies by path. */
export function plainBrowser(): Visit {
  const jar = new Map<string, { path: string; pair: string }>();
  const visit: Visit = async (url, form) => {
    const { pathname, origin } = new URL(url);
    const cookie = [...jar.values()].flatMap(({ path, pair }) => (pathname.startsWith(path) ? pair : [])).join("; ");
    const body = form && new URLSearchParams(form);
    const answer = await fetch(url, { method: form ? "POST" : "GET", body, headers: { cookie }, redirect: "manual" });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split("; ");
      const path = attributes.find((one) => one.startsWith("path="))?.slice(5) ?? "/";
      jar.set(`${path} ${pair.split("=")[0]}`, { path, pair });
    }
    const location = answer.headers.get("location");
    const next = location && new URL(location, url);
    return next && next.origin === origin ? visit(next.href) : Object.defineProperty(answer, "url", { value: url });
  };
  return visit;
}
