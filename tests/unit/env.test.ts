import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { inspectEnv, readEnv } from "@/lib/env";
import { ConfigurationError } from "@/lib/errors";
import { localSecret } from "@/lib/local-secret";
import { offersFromEnv } from "@/lib/offers/from-env";

const root = mkdtempSync(join(tmpdir(), "latchkey-env-"));
afterAll(() => rmSync(root, { recursive: true }));

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(root, "at-"));
  vi.spyOn(process, "cwd").mockReturnValue(folder);
});
afterEach(() => vi.mocked(process.cwd).mockRestore());

const key = () => randomBytes(32).toString("base64");
const good = { DATABASE_URL: "postgres://localhost/x", LATCHKEY_KEYS: `k1:${key()}`, AUTH_SECRET: key() };
const NOON = Object.fromEntries(
  ["CLIENT_ID", "CLIENT_SECRET", "KEY_ID", "PRIVATE_KEY", "PROJECT_CODE"].map((name) => [`NOON_${name}`, "x"]),
);
const faultsOf = (source: Record<string, string>) => {
  const { env, faults } = inspectEnv(source);
  return [...faults, ...offersFromEnv(env).faults];
};
const written = (text: string) => {
  const path = join(folder, randomBytes(4).toString("hex"));
  writeFileSync(path, text);
  return path;
};

describe("a configuration that works", () => {
  it("is read, with defaults for what is unset or empty", () =>
    expect(readEnv({ ...good, PORT: "", LATCHKEY_WORKER: "off", LATCHKEY_ADMINS: "A@x.com, b@x.com" })).toMatchObject({
      PORT: 3000,
      LATCHKEY_URL: "http://localhost:3000",
      LATCHKEY_WORKER: false,
      LATCHKEY_ADMINS: ["a@x.com", "b@x.com"],
      LATCHKEY_KEYS: [{ id: "k1" }],
      AUTH_SECRET: good.AUTH_SECRET,
    }));

  it("may name a file for each variable", () => {
    const { AUTH_SECRET, ...rest } = good;
    expect(readEnv({ ...rest, AUTH_SECRET_FILE: written(`${AUTH_SECRET}\n`), PORT_FILE: written("8080") })).toMatchObject({
      AUTH_SECRET,
      PORT: 8080,
    });
  });

  it.each(["https://latchkey.example", "https://latchkey.example/", "http://localhost:3000", "http://127.0.0.1:81", "http://[::1]:3000"])(
    "takes %s as its own address",
    (url) => expect(faultsOf({ ...good, LATCHKEY_URL: url })).toEqual([]),
  );

  it("S-56 is a demo in production by one flag", () => {
    const demo = {
      ...good,
      NODE_ENV: "production",
      LATCHKEY_ALLOW_PRIVATE_NETWORK: "1",
      LATCHKEY_CRASH_AT: "renew.sent",
      LATCHKEY_DEMO_DESK: "http://localhost:4106",
    };
    expect(faultsOf({ ...demo, LATCHKEY_DEMO: "1" })).toEqual([]);
    expect(faultsOf(demo)).toHaveLength(3);
  });
});

describe("S-36 keys that are refused, each with how to make one", () => {
  const one = key();
  it.each([
    ["nothing", undefined],
    ["one without an id", one],
    ["hex without an id", randomBytes(16).toString("hex")],
    ["an id without a key", "k1:"],
    ["16 bytes", `k1:${randomBytes(16).toString("base64")}`],
    ["31 bytes", `k1:${randomBytes(31).toString("base64")}`],
    ["33 bytes", `k1:${randomBytes(33).toString("base64")}`],
    ["zeros", `k1:${Buffer.alloc(32).toString("base64")}`],
    ["one byte repeated", `k1:${Buffer.alloc(32, 7).toString("base64")}`],
    ["counting bytes", `k1:${Buffer.from(Array.from({ length: 32 }, (_, at) => at % 16)).toString("base64")}`],
    ["readable text", `k1:${Buffer.from("change-me-change-me-change-me-12").toString("base64")}`],
    ["hex for base64", `k1:${randomBytes(32).toString("hex")}`],
    ["base64 without its end", `k1:${one.replace(/=$/, "")}`],
    ["base64 with garbage", `k1:!${one}`],
    ["base64url", `k1:${Buffer.alloc(32, 0xfb).toString("base64url")}`],
    ["an id with a dot", `k.1:${one}`],
    ["the wrong way round", `${one}:k1`],
    ["a comma too many", `k1:${one},`],
    ["one id twice", `k1:${one},k1:${key()}`],
    ["a second one that is short", `k1:${one},k2:${randomBytes(8).toString("base64")}`],
    ["a file that is empty", { LATCHKEY_KEYS_FILE: "" }],
  ])("%s", (_, value) => {
    const { LATCHKEY_KEYS: _keys, ...rest } = good;
    const given: Record<string, string> = {};
    if (typeof value === "string") given.LATCHKEY_KEYS = value;
    if (typeof value === "object") given.LATCHKEY_KEYS_FILE = written("\n");
    const faults = faultsOf({ ...rest, ...given });
    expect(faults.join("\n")).toContain("LATCHKEY_KEYS");
    expect(faults.join("\n")).toContain("Make one with: node -e");
    for (const part of Object.values(given).flatMap((text) => text.split(/[:,]/)))
      if (part.length > 3) expect(faults.join("\n")).not.toContain(part);
  });
});

describe("what is refused", () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ["a public address without https", { LATCHKEY_URL: "http://latchkey.example" }, /LATCHKEY_URL.*https/],
    ["an address that only looks local", { LATCHKEY_URL: "http://localhost.evil.example" }, /LATCHKEY_URL.*https/],
    ["another scheme", { LATCHKEY_URL: "javascript:alert(1)" }, /LATCHKEY_URL/],
    ["a path", { LATCHKEY_URL: "https://latchkey.example/here" }, /LATCHKEY_URL.*path/],
    ["a user name", { LATCHKEY_URL: "https://a:b@latchkey.example" }, /LATCHKEY_URL/],
    ["a fragment", { LATCHKEY_URL: "https://latchkey.example/#a" }, /LATCHKEY_URL/],
    ["S-99 certificates unchecked", { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, /NODE_TLS_REJECT_UNAUTHORIZED/],
    ["a crash point without the demo", { LATCHKEY_CRASH_AT: "renew.sent" }, /LATCHKEY_CRASH_AT/],
    ["S-56 a private network in production", { LATCHKEY_ALLOW_PRIVATE_NETWORK: "1", NODE_ENV: "production" }, /PRIVATE_NETWORK/],
    ["a short AUTH_SECRET", { AUTH_SECRET: "short" }, /AUTH_SECRET.*openssl rand/],
    ["a port out of range", { PORT: "65536" }, /PORT.*1 to 65535/],
    ["a word for a flag", { LATCHKEY_DEMO: "perhaps" }, /LATCHKEY_DEMO.*1 or 0/],
    ["a way back without https", { LATCHKEY_RETURN_ORIGINS: "http://shop.example" }, /LATCHKEY_RETURN_ORIGINS.*https/],
    [
      "a way back to this machine in production",
      { LATCHKEY_RETURN_ORIGINS: "http://localhost:4000", NODE_ENV: "production" },
      /RETURN_ORIGINS/,
    ],
    ["a way back that is no origin", { LATCHKEY_RETURN_ORIGINS: "https://shop.example/back" }, /RETURN_ORIGINS.*without a path/],
    ["an unknown choice", { LATCHKEY_SIGNUP: "closed" }, /LATCHKEY_SIGNUP.*invite or open/],
    ["an address that is none", { SQUARE_API_URL: "connect" }, /SQUARE_API_URL.*https:/],
    ["an issuer alone", { OIDC_ISSUER: "https://id.example" }, /OIDC_CLIENT_ID, OIDC_CLIENT_SECRET missing/],
    ["a client without its issuer", { OIDC_CLIENT_ID: "a", OIDC_CLIENT_SECRET: "b" }, /OIDC_ISSUER missing/],
    ["mail without a sender", { SMTP_URL: "smtp://localhost" }, /MAIL_FROM/],
    ["a file that is not there", { PORT_FILE: "/nowhere/CNRY-file" }, /PORT_FILE.*ENOENT/],
    ["a folder for a file", { PORT_FILE: "/" }, /PORT_FILE.*EISDIR/],
    ["a value and a file", { PORT: "80", PORT_FILE: "/x" }, /PORT and PORT_FILE/],
    [
      "half of Noon",
      { NOON_CLIENT_ID: "a", NOON_KEY_ID: "b" },
      /noon.*NOON_CLIENT_SECRET, NOON_PRIVATE_KEY, NOON_PROJECT_CODE are missing/,
    ],
    ["Noon with a key that is none", NOON, /noon: NOON_PRIVATE_KEY is not an RSA private key/],
    ["half of Square", { SQUARE_CLIENT_SECRET: "a" }, /square.*SQUARE_CLIENT_ID is missing/],
    ["half of UltraCart", { ULTRACART_CLIENT_SECRET: "a" }, /ultracart.*ULTRACART_CLIENT_ID is missing/],
    ["a standard platform without endpoints", { OAUTH2_CLIENT_ID: "a" }, /oauth2.*OAUTH2_ISSUER/],
    ["a standard platform without a client", { OAUTH2_ISSUER: "https://x.example" }, /oauth2.*OAUTH2_CLIENT_ID/],
    ["a standard platform's lone secret", { OAUTH2_CLIENT_SECRET: "a" }, /oauth2.*OAUTH2_CLIENT_ID/],
    ["no way to be a client", { OAUTH2_ISSUER: "https://x.example", OAUTH2_CLIENT_ID: "a" }, /needs a client secret/],
    ["a database without keys", { LATCHKEY_KEYS: " " }, /LATCHKEY_KEYS is missing/],
  ])("%s", (_, more, sentence) => {
    const faults = faultsOf({ ...good, ...more });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(sentence);
  });

  it("is told all at once", () => {
    const source = {
      DATABASE_URL: "postgres://localhost/x",
      PORT: "none",
      LATCHKEY_URL: "http://public.example",
      LATCHKEY_SIGNUP: "closed",
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
      SMTP_URL: "smtp://localhost",
      SQUARE_CLIENT_ID: "a",
    };
    const told = faultsOf(source).join("\n");
    for (const name of [
      "PORT",
      "LATCHKEY_URL",
      "LATCHKEY_SIGNUP",
      "NODE_TLS",
      "MAIL_FROM",
      "LATCHKEY_KEYS",
      "AUTH_SECRET",
      "SQUARE_CLIENT_SECRET",
    ])
      expect(told).toContain(name);
    expect(() => readEnv(source)).toThrow(ConfigurationError);
  });

  it("is told without the value of any variable", () => {
    const names = variables();
    const canaries = Object.fromEntries(names.map((name) => [name, `CNRY ${name} ://x`]));
    const files = Object.fromEntries(names.map((name) => [`${name}_FILE`, `/CNRY/${name}`]));
    const sources = [canaries, files, { ...canaries, LATCHKEY_URL: "http://CNRY:CNRY@cnry.example/CNRY?CNRY" }];
    for (const name of names) sources.push({ ...good, [name]: `CNRY-${name}` });
    for (const source of sources) expect(faultsOf(source).join("\n")).not.toMatch(/CNRY/i);
  });
});

describe("S-100 the key of the audit's chain", () => {
  const auditKey = (source: Record<string, string>) => readEnv({ ...good, ...source }).LATCHKEY_AUDIT_KEY;

  it("is the one that is given, else the same for the same AUTH_SECRET and another for another", () => {
    const given = key();
    expect(auditKey({ LATCHKEY_AUDIT_KEY: given }).toString("base64")).toBe(given);
    expect(auditKey({}).equals(auditKey({}))).toBe(true);
    expect(auditKey({}).equals(auditKey({ AUTH_SECRET: key() }))).toBe(false);
    expect(auditKey({}).toString("base64")).not.toBe(good.AUTH_SECRET);
  });

  it.each(["short", Buffer.alloc(32).toString("base64"), randomBytes(31).toString("base64")])("is refused as %s", (value) =>
    expect(faultsOf({ ...good, LATCHKEY_AUDIT_KEY: value }).join()).toMatch(/^LATCHKEY_AUDIT_KEY is not base64 of 32 random bytes/),
  );
});

describe("secrets beside the embedded database", () => {
  const at = (name: string) => join(folder, ".latchkey", name);

  it("are made once, readable by their owner alone", () => {
    const first = readEnv({});
    const second = readEnv({});
    expect(second.LATCHKEY_KEYS[0]?.bytes).toEqual(first.LATCHKEY_KEYS[0]?.bytes);
    expect(second.AUTH_SECRET).toBe(first.AUTH_SECRET);
    for (const name of ["keys", "auth-secret", "audit-key"]) expect(statSync(at(name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, ".latchkey")).sort()).toEqual(["audit-key", "auth-secret", "keys"]);
  });

  it.each(["postgres", "location"])("are not made anew where the database (%s) is older", (sign) => {
    mkdirSync(at(sign), { recursive: true });
    expect(faultsOf({}).join()).toMatch(/sealed with \.latchkey\/keys, which is missing/);
    expect(readdirSync(join(folder, ".latchkey"))).not.toContain("keys");
    expect(localSecret("keys", join(folder, ".latchkey"))).toBeNull();
  });

  it.each(["", "k1:short\n"])("are refused when what is left of them is %j", (left) => {
    readEnv({});
    writeFileSync(at("keys"), left);
    writeFileSync(at("auth-secret"), left);
    const told = faultsOf({}).join("\n");
    expect(told).toMatch(/LATCHKEY_KEYS/);
    expect(told).toMatch(/AUTH_SECRET/);
    expect(readFileSync(at("keys"), "utf8")).toBe(left);
  });

  it("are told, not thrown, where they cannot be made", () => {
    writeFileSync(at("").replace(/\/$/, ""), "a file in the folder's place");
    expect(faultsOf({}).join("\n")).toMatch(/\.latchkey\/keys cannot be read or made \((ENOTDIR|EEXIST)\)\. Set DATABASE_URL/);
    chmodSync(join(folder, ".latchkey"), 0o600);
  });
});

/** Every name that is asked for, as a source that is watched tells it. */
function variables(): string[] {
  const asked = new Set<string>();
  const get = (target: Record<string, string>, name: string) => {
    asked.add(name);
    return target[name];
  };
  inspectEnv(new Proxy<Record<string, string>>({ DATABASE_URL: "x" }, { get }));
  return [...asked].filter((name) => asked.has(`${name}_FILE`));
}

describe(".env.example", () => {
  const text = readFileSync(join(import.meta.dirname, "../../.env.example"), "utf8");

  it("names exactly the variables that are read", () => {
    const named = [...text.matchAll(/^([A-Z0-9_]+)=/gm)].map((match) => match[1] ?? "");
    expect(named.toSorted()).toEqual(variables().toSorted());
    expect(new Set(named).size).toBe(named.length);
  });

  it("says a line about each and gives no value", () => {
    expect(text.match(/^# .+\n[A-Z0-9_]+=$/gm)).toHaveLength(variables().length);
    expect(text.match(/^[A-Z0-9_]+=.+$/gm)).toBeNull();
  });
});
