import type { Field } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { fillOrigin, isLabel, readOrigin } from "./origin-template";

const ENVIRONMENTS = ["playground", "stage", "production"] as const;

/** What a merchant pasted, as it is kept: parts, so that a changed template reaches connections that exist already. */
export type NorceCredentials = {
  mode: "commerce" | "storm";
  slug: string;
  region: string;
  /** Storm only: where its APIs live. */
  api_origin: string;
  environment: string;
  client_id: string;
  client_secret: string;
  application_id: string;
  scopes: string[];
};

type Addresses = { originTemplate: string; stormTokenUrl: string };

export const norceFields: readonly Field[] = [
  { name: "mode", kind: "choice", options: ["commerce", "storm"], initial: "commerce" },
  { name: "slug", kind: "text", when: { name: "mode", value: "commerce" } },
  { name: "region", kind: "text", initial: "se", when: { name: "mode", value: "commerce" } },
  { name: "api_origin", kind: "text", optional: true, when: { name: "mode", value: "storm" } },
  { name: "client_id", kind: "text" },
  { name: "client_secret", kind: "secret" },
  { name: "environment", kind: "choice", options: ENVIRONMENTS },
  { name: "application_id", kind: "number" },
  { name: "scope", kind: "text", optional: true },
];

/** Trimmed and checked form input; throws `declined` with a code for every field at fault, all at once. */
export function norceCredentials(values: Record<string, string>, addresses: Addresses): NorceCredentials {
  const faults: Record<string, string> = {};
  const read = (name: string) => (values[name] ?? "").trim();
  const mode = read("mode") === "storm" ? "storm" : "commerce";
  const pasted = mode === "commerce" ? readOrigin(addresses.originTemplate, read("slug")) : null;
  const slug = pasted?.slug ?? read("slug").toLowerCase();
  const region = pasted?.region ?? (read("region").toLowerCase() || "se");
  const environment = read("environment") || (pasted?.environment ?? "");
  const apiOrigin = mode === "storm" ? read("api_origin").toLowerCase().replace(/\/+$/, "") : "";

  if (!["", "commerce", "storm"].includes(read("mode"))) faults.mode = "required";
  if (!ENVIRONMENTS.some((known) => known === environment)) faults.environment = "required";
  else if (pasted && pasted.environment !== environment) faults.environment = "host_differs";
  if (mode === "commerce") {
    if (slug === "") faults.slug = "required";
    else if (!isLabel(slug)) faults.slug = "bad_slug";
    if (!isLabel(region)) faults.region = "bad_region";
    const checked = faults.slug || faults.region || faults.environment;
    if (!checked && fillOrigin(addresses.originTemplate, { slug, region, environment }) === null) faults.slug = "bad_slug";
  } else if (apiOrigin === "") faults.api_origin = "required";
  else if (!isPublicOrigin(apiOrigin, addresses.stormTokenUrl)) faults.api_origin = "bad_api_origin";
  for (const name of ["client_id", "client_secret"]) {
    if (read(name) === "") faults[name] = "required";
    else if (read(name).length > 4096 || /[\p{Cc}\p{Cs}]/u.test(read(name))) faults[name] = "bad_characters";
  }
  if (read("application_id") === "") faults.application_id = "required";
  else if (!/^0*[1-9]\d{0,9}$/.test(read("application_id"))) faults.application_id = "bad_application_id";
  const scopes = [...new Set(read("scope").split(/\s+/).filter(Boolean))];
  if (scopes.length > 10 || !scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(scope))) faults.scope = "bad_scope";

  if (Object.keys(faults).length > 0) throw new ProviderError("declined", "bad_input", { fields: faults });
  return {
    mode,
    slug: mode === "storm" ? "" : slug,
    region: mode === "storm" ? "" : region,
    api_origin: apiOrigin,
    environment,
    client_id: read("client_id"),
    client_secret: read("client_secret"),
    application_id: String(Number(read("application_id"))),
    scopes: scopes.length > 0 ? scopes : [usualScope(mode, environment)],
  };
}

/** Two generations of names are in print, and which of them a user has is only learnt by asking; null: the scope has one name. */
export function otherScopes(scopes: readonly string[], environment: string): string[] | null {
  const others = scopes.map((scope) => {
    if (scope === "production") return "prod";
    if (scope === "prod") return "production";
    if (scope === "playground" || scope === "stage") return "lab";
    return scope === "lab" ? environment : scope;
  });
  return others.join(" ") === scopes.join(" ") ? null : [...new Set(others)];
}

/** In Storm "lab" names everything but production, and a token for it must never stand for a production connection. */
function usualScope(mode: string, environment: string): string {
  return mode === "storm" && environment !== "production" ? "lab" : environment;
}

/** https and a public name; an address as host is refused. Where the operator put the token URL (tests, demo), APIs may live too. */
function isPublicOrigin(text: string, stormTokenUrl: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.origin !== text) return false;
  if (url.origin === new URL(stormTokenUrl).origin) return true;
  return url.protocol === "https:" && /\.[a-z][a-z0-9-]*$/.test(url.hostname) && !/\.(local|localhost|internal)$/.test(url.hostname);
}
