import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigurationError } from "./errors";
import { HOW_TO_MAKE_A_KEY, type Key, parseKeys } from "./key-ring";
import { localSecret } from "./local-secret";

const flag = z.stringbool({ truthy: ["1", "true", "on"], falsy: ["0", "false", "off"] });
const words = z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean));
const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ""));
const exactUrl = z.url({ protocol: /^https?$/ });

const schema = z.object({
  LATCHKEY_URL: url.default("http://localhost:3000"),
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  DATABASE_URL: z.string().optional(),
  LATCHKEY_KEYS: z.string().optional(),
  AUTH_SECRET: z.string().min(32).optional(),
  OIDC_ISSUER: exactUrl.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  SMTP_URL: z.string().optional(),
  MAIL_FROM: z.string().optional(),
  LATCHKEY_ADMINS: words.transform((list) => list.map((email) => email.toLowerCase())).default([]),
  LATCHKEY_SIGNUP: z.enum(["invite", "open"]).default("invite"),
  LATCHKEY_WORKER: flag.default(true),
  LATCHKEY_DEMO: flag.default(false),
  LATCHKEY_ALLOW_PRIVATE_NETWORK: flag.default(false),
  LATCHKEY_CRASH_AT: z.string().optional(),
  NOON_CLIENT_ID: z.string().optional(),
  NOON_CLIENT_SECRET: z.string().optional(),
  NOON_KEY_ID: z.string().optional(),
  NOON_PRIVATE_KEY: z.string().optional(),
  NOON_PROJECT_CODE: z.string().optional(),
  NOON_AUTHORIZE_URL: exactUrl.default("https://oauth.noon.partners/"),
  NOON_API_URL: url.default("https://noon-api-gateway.noon.partners"),
  NORCE_ORIGIN_TEMPLATE: z
    .string()
    .regex(/^https?:\/\//)
    .default("https://{slug}.api-{region}{env}.norce.tech"),
  NORCE_STORM_TOKEN_URL: exactUrl.default("https://identity.storm.io/1.0/connect/token"),
  ULTRACART_CLIENT_ID: z.string().optional(),
  ULTRACART_CLIENT_SECRET: z.string().optional(),
  ULTRACART_SCOPES: words.default([]),
  ULTRACART_SEND_SCOPE: flag.default(false),
  ULTRACART_SEND_REDIRECT_URI: flag.default(true),
  ULTRACART_API_URL: url.default("https://secure.ultracart.com/rest/v2"),
  ULTRACART_AUTHORIZE_URL: exactUrl.optional(),
  SQUARE_CLIENT_ID: z.string().optional(),
  SQUARE_CLIENT_SECRET: z.string().optional(),
  SQUARE_SCOPES: words.default(["MERCHANT_PROFILE_READ"]),
  SQUARE_PKCE: flag.default(false),
  SQUARE_API_URL: url.default("https://connect.squareup.com"),
  OAUTH2_NAME: z.string().optional(),
  OAUTH2_CLIENT_ID: z.string().optional(),
  OAUTH2_CLIENT_SECRET: z.string().optional(),
  OAUTH2_ISSUER: exactUrl.optional(),
  OAUTH2_AUTHORIZE_URL: exactUrl.optional(),
  OAUTH2_TOKEN_URL: exactUrl.optional(),
  OAUTH2_REVOKE_URL: exactUrl.optional(),
  OAUTH2_INTROSPECT_URL: exactUrl.optional(),
  OAUTH2_USERINFO_URL: exactUrl.optional(),
  OAUTH2_TEST_URL: exactUrl.optional(),
  OAUTH2_SCOPES: words.default([]),
  OAUTH2_SCOPE_SEPARATOR: z.string().default(" "),
  OAUTH2_AUTH_METHOD: z.enum(["basic", "post", "none"]).default("basic"),
  OAUTH2_PKCE: flag.default(true),
  OAUTH2_AUTHORIZE_PARAMS: z.string().default(""),
});

export type Env = Omit<z.infer<typeof schema>, "LATCHKEY_KEYS" | "AUTH_SECRET"> & {
  LATCHKEY_KEYS: Key[];
  AUTH_SECRET: string;
  NODE_ENV: string;
};

/** Every fault at once, as a ConfigurationError. Each variable may also come from the file that `<NAME>_FILE` names. */
export function readEnv(source: Record<string, string | undefined>): Env {
  const faults: string[] = [];
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const file = source[`${name}_FILE`];
    if (file && !existsSync(file)) faults.push(`${name}_FILE names ${file}, which does not exist.`);
    const value = file && existsSync(file) ? readFileSync(file, "utf8").trim() : source[name];
    if (value !== undefined && value !== "") values[name] = value;
  }
  const parsed = schema.safeParse(values);
  if (!parsed.success) {
    // The issue's message may quote the value, so only the name and what is expected are told.
    for (const issue of parsed.error.issues)
      faults.push(`${issue.path.join(".")} is not usable: expected ${"expected" in issue ? issue.expected : issue.code}.`);
    throw new ConfigurationError(faults);
  }
  const env = parsed.data;
  const local = env.DATABASE_URL === undefined;
  const keysText = env.LATCHKEY_KEYS ?? (local ? localSecret("keys") : undefined);
  const authSecret = env.AUTH_SECRET ?? (local ? localSecret("auth-secret") : undefined);
  if (keysText === undefined) faults.push(`LATCHKEY_KEYS is missing. ${HOW_TO_MAKE_A_KEY}`);
  if (keysText === null)
    faults.push("The database in .latchkey is sealed with .latchkey/keys, which is missing. Put that file back, or set LATCHKEY_KEYS.");
  if (!authSecret) faults.push("AUTH_SECRET is missing. Make one with: openssl rand -base64 33");
  const ring = keysText ? parseKeys(keysText) : { keys: [], faults: [] };
  faults.push(...ring.faults);
  faults.push(...crossFaults(env, source));
  if (faults.length > 0) throw new ConfigurationError(faults);
  return { ...env, LATCHKEY_KEYS: ring.keys, AUTH_SECRET: authSecret ?? "", NODE_ENV: source.NODE_ENV ?? "development" };
}

function crossFaults(env: z.infer<typeof schema>, source: Record<string, string | undefined>): string[] {
  const faults: string[] = [];
  const base = new URL(env.LATCHKEY_URL);
  const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(base.hostname);
  if (base.protocol !== "https:" && !loopback)
    faults.push(`LATCHKEY_URL is ${env.LATCHKEY_URL}: a public address must start with https://.`);
  if (base.pathname !== "/" || base.search || base.username)
    faults.push("LATCHKEY_URL must be an origin such as https://latchkey.example, without a path.");
  if (env.LATCHKEY_ALLOW_PRIVATE_NETWORK && source.NODE_ENV === "production" && !env.LATCHKEY_DEMO)
    faults.push("LATCHKEY_ALLOW_PRIVATE_NETWORK=1 is for tests and the demo only. Remove it.");
  if (env.LATCHKEY_CRASH_AT && !env.LATCHKEY_DEMO) faults.push("LATCHKEY_CRASH_AT is for tests with LATCHKEY_DEMO=1 only. Remove it.");
  if (source.NODE_TLS_REJECT_UNAUTHORIZED === "0")
    faults.push("NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off. Remove it.");
  if (env.OIDC_ISSUER && !(env.OIDC_CLIENT_ID && env.OIDC_CLIENT_SECRET))
    faults.push("OIDC_ISSUER is set: OIDC_CLIENT_ID and OIDC_CLIENT_SECRET are needed too.");
  if (env.SMTP_URL && !env.MAIL_FROM) faults.push("SMTP_URL is set: MAIL_FROM (the sender's address) is needed too.");
  return faults;
}

const holder = globalThis as { latchkeyEnv?: Env };

/** The configuration of this process, read once. */
export function env(): Env {
  holder.latchkeyEnv ??= readEnv(process.env);
  return holder.latchkeyEnv;
}
