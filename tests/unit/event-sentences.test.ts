import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createTranslator } from "next-intl";
import { expect, test } from "vitest";
import { eventSentence } from "@/components/audit/event-sentence";
import { outcomeLook } from "@/components/connect/outcome-look";
import { type EventGroup, eventGroups } from "@/lib/audit/event-groups";
import { type Operation, permissions } from "@/lib/auth/permissions";
import { intlTag, locales } from "@/lib/locale";
import { messagesFor } from "@/lib/messages/messages-for";

/** Every kind of event that our sources write; `attempt.${outcome}` stands for each way in which an attempt ends. */
function writtenKinds(): string[] {
  const files = ["lib", "db"].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: "utf8" }).map((file) => join(room, file.toString())),
  );
  const kinds = files.flatMap((file) => {
    if (!file.endsWith(".ts")) return [];
    // Named alike, and no events: the places at which a process can be made to break off.
    const text = readFileSync(file, "utf8").replace(/(?:crashPoint|crossing)\("[^"]*"/g, "");
    if (!/\b(insertEvent|changeTold|insertDenied|insertEvents)\(|\bevent: \{ kind|NewEvent\b/.test(text)) return [];
    return [...text.matchAll(/["`]([a-z_]+\.(?:[a-z_]+|\$\{outcome\}))["`]/g)].map((match) => match[1] ?? "");
  });
  const outcomes = Object.keys(outcomeLook)
    .filter((outcome) => !["connected", "renewed", "replaced", "used"].includes(outcome))
    .map((outcome) => `attempt.${outcome}`);
  const notEvents = new Set<string>(Object.keys(permissions));
  return [...new Set([...kinds.filter((kind) => !kind.includes("$") && !notEvents.has(kind)), ...outcomes])].sort();
}

const translator = (locale: (typeof locales)[number], complaints: string[]) =>
  createTranslator({
    locale: intlTag(locale),
    messages: messagesFor(locale),
    onError: (error) => complaints.push(error.message),
  }) as unknown as Parameters<typeof eventSentence>[0];

test.each(locales)("A14: every kind of event that is written has a sentence in %s, whatever facts it has", (locale) => {
  const complaints: string[] = [];
  const t = translator(locale, complaints);
  const kinds = writtenKinds();
  for (const kind of ["connection.connected", "attempt.started", "person.joined", "alert.opened", "access.denied", "sessions.ended"])
    expect(kinds).toContain(kind);
  const unsaid = kinds.filter((kind) => eventSentence(t, kind, {}) === kind);
  expect(unsaid, "write it at connection.event.<kind> for a connection's story, or at audit.event.<kind>").toEqual([]);
  expect(complaints).toEqual([]);
});

test("each of them is found under exactly one of the kinds that the audit offers", () => {
  const known = (Object.keys(eventGroups) as EventGroup[]).flatMap((group): string[] => [...eventGroups[group]]);
  const nouns = [...new Set(writtenKinds().map((kind) => kind.split(".")[0] ?? ""))];
  expect([...known].sort()).toEqual(nouns.sort());
});

test.each(locales)("A15: every operation has words in %s", (locale) => {
  const complaints: string[] = [];
  const t = translator(locale, complaints);
  for (const operation of Object.keys(permissions) as Operation[]) {
    const { operation: words } = messagesFor(locale);
    const said = operation.split(".").reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], words);
    expect(typeof said, `operation.${operation}`).toBe("string");
    expect(eventSentence(t, "access.denied", { operation })).toContain(said);
  }
  expect(complaints).toEqual([]);
});
