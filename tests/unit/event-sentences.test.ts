import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { outcomeLook } from "@/components/connect/outcome-look";
import { locales } from "@/lib/locale";
import { messagesFor } from "@/lib/messages/messages-for";

/** Every kind of event that our sources write about an attempt, a connection or a grant. */
function writtenKinds(): string[] {
  const files = readdirSync("lib", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const kinds = files.flatMap((file) => {
    const text = readFileSync(join("lib", file), "utf8");
    if (!text.includes("insertEvent(")) return [];
    return [...text.matchAll(/["`]((?:attempt|connection|grant)\.(?:[a-z_]+|\$\{outcome\}))["`]/g)].map((match) => match[1] ?? "");
  });
  return [...new Set(kinds)].sort();
}

/** Named like events, and operations of the table of permissions. */
const OPERATIONS = [
  "connection.connect",
  "connection.disconnect",
  "connection.import",
  "connection.list",
  "connection.read",
  "connection.renew",
  "connection.revoke",
  "connection.test",
];

test.each(locales)("every kind of event has a sentence in %s", (locale) => {
  const tree: unknown = messagesFor(locale).connection.event;
  const sentence = (kind: string) =>
    kind.split(".").reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], tree);
  const kinds = writtenKinds().filter((kind) => !OPERATIONS.includes(kind));
  expect(kinds).toContain("connection.connected");
  const closing = Object.keys(outcomeLook)
    .filter((outcome) => !["connected", "renewed", "replaced", "used"].includes(outcome))
    .map((outcome) => `attempt.${outcome}`);
  const wanted = [...kinds.filter((kind) => !kind.includes("$")), ...closing];
  expect(wanted.filter((kind) => typeof sentence(kind) !== "string")).toEqual([]);
});
