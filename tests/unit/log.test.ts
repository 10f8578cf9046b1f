import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { correlationId, log, withCorrelation } from "@/lib/log";
import { ProviderError } from "@/lib/providers/provider-error";

const SECRET = "CNRY-of-the-log";
let written = "";
beforeEach(() => {
  written = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written += text;
    return true;
  });
});
afterEach(() => vi.mocked(process.stdout.write).mockRestore());

/** The one line that was written, whole. */
function line(): Record<string, unknown> {
  expect(written.endsWith("\n")).toBe(true);
  expect(written.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  return JSON.parse(written) as Record<string, unknown>;
}

describe("a line", () => {
  it("is JSON with time, level, name and fields", () => {
    log.info("something_done", { count: 3, ok: true, none: null, missing: undefined });
    const { at, ...rest } = line();
    expect(new Date(String(at)).toISOString()).toBe(at);
    expect(rest).toEqual({ level: "info", event: "something_done", count: 3, ok: true, none: null });
  });

  it("carries the reference of its work, however deep", async () => {
    await withCorrelation(async () => {
      await Promise.resolve();
      log.warn("inside");
      expect(correlationId()).toBe("ref-1");
    }, "ref-1");
    expect(line()).toMatchObject({ level: "warn", ref: "ref-1" });
    expect(correlationId()).toMatch(/^[0-9a-f]{12}$/);
    const one = withCorrelation(() => correlationId());
    expect(withCorrelation(() => correlationId())).not.toBe(one);
  });

  it.each([
    "line\nbreak",
    "return\r\n{}",
    "\u001b[2Jclear",
    "\u009b2J",
    "next\u0085line",
    "\u2028",
    "\u2029",
    "\u007f",
    "\u202etxt",
    "\u0000",
  ])("is not broken by %j", (text) => {
    log.info(text, { field: text, [text]: text });
    expect(line()).toMatchObject({ event: text, field: text, [text]: text });
  });

  it("is not told another time, level or name by its fields", () => {
    log.info("real", { at: "never", level: "error", event: "forged", ref: "forged" });
    expect(line()).toMatchObject({ level: "info", event: "real" });
    expect(written).not.toMatch(/forged|never/);
  });
});

describe("S-46 secrets", () => {
  it.each(
    `token accessToken access_token refresh_token secret clientSecret client_secret password passwd passphrase cookie setCookie authorization
     codeVerifier private_key privateKey renewal credential credentials assertion jwt apiKey api_key access code state answer body`
      .split(/\s+/)
      .map((name) => [name]),
  )("a field named %s is refused", (name) => {
    log.info("leak", { [name]: SECRET });
    log.error("leak", new Error("x"), { [name.toUpperCase()]: SECRET });
    expect(written).not.toContain(SECRET);
    expect(written.split("[refused]")).toHaveLength(3);
  });

  it.each(["connection", "offer", "host", "status", "errorCode", "cause", "trouble", "ms", "key", "why"])(
    "a field named %s is not",
    (name) => {
      log.info("fine", { [name]: "value" });
      expect(line()[name]).toBe("value");
    },
  );
});

describe("an error is named, never quoted", () => {
  const nested = new Error(SECRET, { cause: new Error(SECRET) });
  const coded = (code: unknown) => Object.assign(new Error(SECRET), { code, detail: SECRET, params: [SECRET] });
  it.each<[string, unknown, object]>([
    ["an error", new TypeError(SECRET), { error: "TypeError" }],
    ["one with a cause", nested, { error: "Error" }],
    ["a driver's", coded("23505"), { error: "Error", errorCode: "23505" }],
    ["a code that is a number", coded(7), { errorCode: "7" }],
    ["a code that is text", coded(`a value ${SECRET}`), { error: "Error" }],
    [
      "a platform's",
      new ProviderError("operator", "client_refused", { customerText: SECRET }),
      { error: "ProviderError", errorCode: "client_refused" },
    ],
    ["a name that is text", Object.assign(new Error(SECRET), { name: `${SECRET} here` }), { error: "Error" }],
    ["a message of several lines", new Error(`first\n    at ${SECRET}\n    at ${SECRET} (/a.js:1:2)`), { error: "Error" }],
    ["a message without an end", new Error(`${SECRET}\n`), { error: "Error" }],
    ["no stack", Object.assign(new Error(SECRET), { stack: undefined }), { error: "Error" }],
    ["a stack of its own", Object.assign(new Error(SECRET), { stack: SECRET }), { error: "Error" }],
    ["text", SECRET, { error: "string" }],
    ["an object", { message: SECRET }, { error: "object" }],
    ["nothing", undefined, { error: "undefined" }],
  ])("%s", (_, error, wanted) => {
    log.error("failed", error, { id: "con_1" });
    expect(line()).toMatchObject({ level: "error", event: "failed", id: "con_1", ...wanted });
    expect(written).not.toContain(SECRET);
  });

  it("says where it was thrown", () => {
    log.error("failed", new Error(SECRET));
    expect(line().where).toMatch(/^at .*log\.test\.ts:\d+:\d+\)?$/);
  });
});
