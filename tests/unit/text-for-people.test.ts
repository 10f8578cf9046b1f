import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { textForPeople } from "@/lib/providers/wire/clean-text";
import { Ledger } from "@/tests/simulators/ledger";

describe("S-17 what a platform says to people", () => {
  const token = new Ledger().canary("ultracart-refresh");
  const written = Buffer.from(token);
  it.each([
    ["as it is", token],
    ["in base64", written.toString("base64")],
    ["in hex", written.toString("hex")],
    ["in a URL", `https://shop.example/?refresh_token=${encodeURIComponent(token)}`],
    ["every byte of it", written.toString("hex").replace(/../g, "%$&")],
    ["as a JWT", [1, 2, 3].map(() => randomBytes(20).toString("base64url")).join(".")],
  ])("does not quote a credential %s", (_, quoted) => {
    const said = textForPeople(`We cannot accept "${quoted}", try again.`);
    expect(said).toMatch(/^We cannot accept .*…/);
    for (const part of quoted.split(/[.?:]/).filter((text) => text.length >= 16 && /\d/.test(text))) expect(said).not.toContain(part);
  });

  it("does not quote the half of one that stands where the text is cut", () => {
    expect(textForPeople(`${"word ".repeat(37)}${token}`)).not.toMatch(/CNRY/);
  });

  it.each([
    "The authorization_code has expired. Ask the merchant to start again.",
    "يرجى المحاولة مرة أخرى خلال 10 دقائق",
    "Order 1234567 needs the permission order_read, see support.example/help-for-permissions",
    "Vielleicht hilft die Bezirksverwaltungsbehörde weiter",
  ])("is told otherwise as it was written: %s", (text) => expect(textForPeople(text)).toBe(text));

  it.each([undefined, null, 7, {}, ""])("is nothing where it is %j", (value) => expect(textForPeople(value)).toBeNull());

  it("is read in time however long it is", () => {
    const began = performance.now();
    textForPeople("a".repeat(65_000));
    textForPeople("a1 ".repeat(30_000));
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
