/** Every route that a key may ask, by method and path as the API's document has them, and the scope that it wants. */
export function keyedRoutes(document: { paths?: object }): { route: string; method: string; path: string; scope: string }[] {
  const paths = Object.entries((document.paths ?? {}) as Record<string, Record<string, { security?: { key?: string[] }[] }>>);
  return paths.flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { security }]) => {
      const scope = security?.[0]?.key?.[0];
      const plain = path.replace(/^\/api\/v1/, "");
      return scope === undefined ? [] : [{ route: `${method.toUpperCase()} ${plain}`, method: method.toUpperCase(), path: plain, scope }];
    }),
  );
}

/** How a route is asked about one store, and what whoever may ask it is answered; what differs for whom. */
export type Example = {
  path?: Record<string, string>;
  query?: string;
  body?: unknown;
  good: number;
  /** By a key that is another merchant's: 404 where nothing is said. */
  other?: number;
  /** By a key that is paused for this store: as ever, where nothing is said. */
  paused?: number;
  /** Where the answer is about many: what stands in it for this one. */
  inside?: (body: unknown) => unknown;
};

export function requestOf(
  { method, path }: { method: string; path: string },
  { path: values = {}, query, body }: Example,
): [string, RequestInit] {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? `no-${name}`);
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  return [query ? `${filled}?${query}` : filled, init];
}
