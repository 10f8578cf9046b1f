const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

export type Place = { slug: string; region: string; environment: string };

/** One DNS label: nothing in it can end a host or start another (S-94). */
export function isLabel(text: string): boolean {
  return new RegExp(`^${LABEL}$`).test(text);
}

/** The origin (and fixed path, if the template has one) of a place; null where it is not exactly what the template says. */
export function fillOrigin(template: string, place: Place): string | null {
  if (![place.slug, place.region, place.environment].every(isLabel)) return null;
  const env = place.environment === "production" ? "" : `.${place.environment}`;
  const filled = template
    .replaceAll("{slug}", place.slug)
    .replaceAll("{region}", place.region)
    .replaceAll("{environment}", place.environment)
    .replaceAll("{env}", env)
    .replace(/\/$/, "");
  return URL.canParse(filled) && new URL(filled).href.replace(/\/$/, "") === filled ? filled : null;
}

/** The place that a pasted host or address names, with or without a scheme, a path, or the admin site's name; null where it is none. */
export function readOrigin(template: string, text: string): Place | null {
  const seen = new Set<string>();
  const pattern = bare(template).replace(/\{(slug|region|environment|env)\}|[.*+?^${}()|[\]\\]/g, (found, name: string | undefined) => {
    if (!name) return `\\${found}`;
    if (seen.has(name)) return `\\k<${name}>`;
    seen.add(name);
    return name === "env" ? `(?<env>\\.(?:playground|stage)|)` : `(?<${name}>${LABEL})`;
  });
  const groups = new RegExp(`^${pattern}(?:[/?#].*)?$`).exec(bare(text.toLowerCase()).replace(".admin-", ".api-"))?.groups;
  if (!groups?.slug || !groups.region) return null;
  return { slug: groups.slug, region: groups.region, environment: groups.environment ?? (groups.env?.slice(1) || "production") };
}

function bare(address: string): string {
  return address.replace(/^[a-z]+:\/\//, "").replace(/\/+$/, "");
}
