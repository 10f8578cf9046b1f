import { z } from "zod";
import { ConfigurationError } from "./errors";
import { givenValues } from "./given-values";
import { deriveKey, HOW_TO_MAKE_A_KEY, HOW_TO_MAKE_A_SECRET, type Key, parseKey, parseKeys } from "./key-ring";
import { localSecret } from "./local-secret";

const flag = z.stringbool({ truthy: ["1", "true", "on"], falsy: ["0", "false", "off"] }).describe("1 or 0");
const words = z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean));
const origins = words
  .pipe(z.array(z.string().refine((text) => URL.parse(text)?.origin === text)))
  .describe("origins such as https://shop.example, separated by commas, each without a path");
const exactUrl = z.url({ protocol: /^https?$/ }).describe("an address such as https://host.example");
const url = exactUrl.transform((text) => text.replace(/\/+$/, "")).describe("an address such as https://host.example");

const schema = z.object({
  LATCHKEY_URL: url.default("http://localhost:3000"),
  PORT: z.coerce.number().int().min(1).max(65_535).describe("a number from 1 to 65535").default(3000),
  LATCHKEY_WORKER_PORT: z.coerce.number().int().min(1).max(65_535).describe("a number from 1 to 65535").optional(),
  DATABASE_URL: z.string().optional(),
  LATCHKEY_KEYS: z.string().optional(),
  AUTH_SECRET: z.string().optional(),
  LATCHKEY_AUDIT_KEY: z.string().optional(),
  OIDC_ISSUER: exactUrl.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  SMTP_URL: z.string().optional(),
  MAIL_FROM: z.string().optional(),
  LATCHKEY_ADMINS: words.transform((list) => list.map((email) => email.toLowerCase())).default([]),
  LATCHKEY_SIGNUP: z.enum(["invite", "open"]).describe("invite or open").default("invite"),
  LATCHKEY_WORKER: flag.default(true),
  LATCHKEY_COMPANY: z.string().max(80).describe("a name of at most 80 characters").optional(),
  LATCHKEY_RETURN_ORIGINS: origins.default([]),
  LATCHKEY_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).describe("a number from 0 to 10").default(0),
  LATCHKEY_DEMO: flag.default(false),
  LATCHKEY_DEMO_DESK: url.optional(),
  LATCHKEY_ALLOW_PRIVATE_NETWORK: flag.default(false),
  LATCHKEY_BACKUP_DAYS: z.coerce.number().int().min(1).max(3_650).describe("a number of days from 1 to 3650").optional(),
  LATCHKEY_JOURNAL: z.string().optional(),
  LATCHKEY_CRASH_AT: z.string().optional(),
  CRON_SECRET: z.string().min(16).describe("at least 16 characters").optional(),
  LATCHKEY_METRICS_TOKEN: z.string().min(16).describe("at least 16 characters").optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
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
    .describe("an address with placeholders such as https://{slug}.host.example")
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
  SQUARE_WEBHOOK_KEY: z.string().optional(),
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
  OAUTH2_API_URL: url.optional(),
  OAUTH2_SCOPES: words.default([]),
  OAUTH2_SCOPE_SEPARATOR: z.string().default(" "),
  OAUTH2_AUTH_METHOD: z.enum(["basic", "post", "none"]).describe("basic, post or none").default("basic"),
  OAUTH2_PKCE: flag.default(true),
  OAUTH2_AUTHORIZE_PARAMS: z.string().default(""),
  OAUTH2_REVOKE_ENDS_ALL: flag.default(false),
});

type Values = z.infer<typeof schema>;
export type Env = Omit<Values, "LATCHKEY_KEYS" | "AUTH_SECRET" | "LATCHKEY_AUDIT_KEY"> & {
  LATCHKEY_KEYS: Key[];
  LATCHKEY_AUDIT_KEY: Buffer;
  /** Nobody set them: they stand beside the embedded database. */
  keysAreLocal: boolean;
  AUTH_SECRET: string;
  NODE_ENV: string;
};

type Source = Record<string, string | undefined>;

/** Throws ConfigurationError with every fault. Each variable may also come from the file that `<NAME>_FILE` names. */
export function readEnv(source: Source): Env {
  const { env, faults } = inspectEnv(source);
  if (faults.length > 0) throw new ConfigurationError(faults);
  return env;
}

/** Every fault at once, none of which quotes a value; where one is at fault, its default stands in. */
export function inspectEnv(source: Source = process.env): { env: Env; faults: string[] } {
  const faults: string[] = [];
  const given = givenValues(Object.keys(schema.shape), source, faults);
  const usable: Record<string, string> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    const value = given[name];
    if (value === undefined) continue;
    if (field.safeParse(value).success) usable[name] = value;
    else faults.push(`${name} is not usable: expected ${expected(field)}.`);
  }
  const values = schema.parse(usable);
  const keysAreLocal = values.LATCHKEY_KEYS === undefined && !values.DATABASE_URL;
  const keys = keyRing(values, keysAreLocal, faults);
  const authSecret = values.AUTH_SECRET ?? (values.DATABASE_URL ? undefined : localSecretOr("auth-secret", faults));
  if (authSecret === undefined) faults.push(`AUTH_SECRET is missing. ${HOW_TO_MAKE_A_SECRET}`);
  else if (authSecret !== null && authSecret.length < 32) faults.push(`AUTH_SECRET is shorter than 32 characters. ${HOW_TO_MAKE_A_SECRET}`);
  const secrets = { LATCHKEY_KEYS: keys, AUTH_SECRET: authSecret ?? "", LATCHKEY_AUDIT_KEY: auditKeyOf(values, authSecret ?? "", faults) };
  faults.push(...crossFaults(values, source));
  return { env: { ...values, ...secrets, keysAreLocal, NODE_ENV: source.NODE_ENV ?? "development" }, faults };
}

/** In words: zod's own messages may quote the value. */
function expected(field: z.ZodType): string {
  if (field.description) return field.description;
  return field instanceof z.ZodDefault || field instanceof z.ZodOptional ? expected(field.unwrap() as z.ZodType) : "another value";
}

function keyRing(values: Values, local: boolean, faults: string[]): Key[] {
  const text = local ? localSecretOr("keys", faults) : values.LATCHKEY_KEYS;
  if (text === undefined) faults.push(`LATCHKEY_KEYS is missing. ${HOW_TO_MAKE_A_KEY}`);
  if (text === undefined || text === null) return [];
  const ring = parseKeys(text);
  faults.push(...ring.faults);
  return ring.keys;
}

/** Beside a database that is not ours there is no folder that stays: what is made of AUTH_SECRET stands in. */
function auditKeyOf(values: Values, authSecret: string, faults: string[]): Buffer {
  const text = values.LATCHKEY_AUDIT_KEY ?? (values.DATABASE_URL ? deriveKey(authSecret, "audit") : localSecretOr("audit-key", faults));
  return text === null ? Buffer.alloc(0) : parseKey("LATCHKEY_AUDIT_KEY", text, faults);
}

/** Null: a fault was told. */
function localSecretOr(name: "keys" | "auth-secret" | "audit-key", faults: string[]): string | null {
  try {
    const text = localSecret(name);
    if (text === null)
      faults.push("The database in .latchkey is sealed with .latchkey/keys, which is missing. Put that file back, or set LATCHKEY_KEYS.");
    return text;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    faults.push(
      `.latchkey/${name} cannot be read or made (${code}). Set DATABASE_URL, LATCHKEY_KEYS, AUTH_SECRET and LATCHKEY_AUDIT_KEY, or mend that folder.`,
    );
    return null;
  }
}

function crossFaults(env: Values, source: Source): string[] {
  const faults: string[] = [];
  const base = new URL(env.LATCHKEY_URL);
  const isLoopback = ({ hostname }: URL) => ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  if (base.protocol !== "https:" && !isLoopback(base)) faults.push("LATCHKEY_URL must start with https://, except on localhost.");
  if (base.pathname !== "/" || base.search || base.hash || base.username || base.password)
    faults.push("LATCHKEY_URL must be an origin such as https://latchkey.example, without a path.");
  const atHome = source.NODE_ENV !== "production" || env.LATCHKEY_DEMO;
  const plain = env.LATCHKEY_RETURN_ORIGINS.map((origin) => new URL(origin)).filter(({ protocol }) => protocol !== "https:");
  if (plain.some((origin) => origin.protocol !== "http:" || !atHome || !isLoopback(origin)))
    faults.push("LATCHKEY_RETURN_ORIGINS must start with https:// each, except on localhost in development and in the demo.");
  if (env.LATCHKEY_ALLOW_PRIVATE_NETWORK && source.NODE_ENV === "production" && !env.LATCHKEY_DEMO)
    faults.push("LATCHKEY_ALLOW_PRIVATE_NETWORK=1 is for tests and the demo only. Remove it.");
  if (env.LATCHKEY_DEMO_DESK && !env.LATCHKEY_DEMO)
    faults.push("LATCHKEY_DEMO_DESK is where the demo's control desk is, for LATCHKEY_DEMO=1 only. Remove it.");
  if (env.LATCHKEY_CRASH_AT && !env.LATCHKEY_DEMO) faults.push("LATCHKEY_CRASH_AT is for tests with LATCHKEY_DEMO=1 only. Remove it.");
  if (source.NODE_TLS_REJECT_UNAUTHORIZED === "0")
    faults.push("NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off. Remove it.");
  faults.push(...halves({ OIDC_ISSUER: env.OIDC_ISSUER, OIDC_CLIENT_ID: env.OIDC_CLIENT_ID, OIDC_CLIENT_SECRET: env.OIDC_CLIENT_SECRET }));
  if (env.SMTP_URL && !env.MAIL_FROM) faults.push("SMTP_URL is set: MAIL_FROM (the sender's address) is needed too.");
  return faults;
}

function halves(together: Record<string, string | undefined>): string[] {
  const names = Object.keys(together);
  const missing = names.filter((name) => !together[name]);
  return missing.length === 0 || missing.length === names.length ? [] : [`${names.join(", ")} go together: ${missing.join(", ")} missing.`];
}

const holder = globalThis as { latchkeyEnv?: Env };

/** The configuration of this process, read once. */
export function env(): Env {
  holder.latchkeyEnv ??= readEnv(process.env);
  return holder.latchkeyEnv;
}
