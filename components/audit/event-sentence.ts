import type { useTranslations } from "next-intl";

type Facts = Record<string, string | number | boolean | null>;
type Translator = ReturnType<typeof useTranslations<never>>;
/** Takes any key: what happened is data, which no catalogue can type. */
type Any = { has: (key: string) => boolean; (key: string, values?: Record<string, string | number>): string };

/** What sentences may ask for and an event may lack. */
const unsaid = {
  by: "none",
  email: "",
  act: "other",
  after: 0,
  count: 0,
  role: "other",
  code: "other",
  restored: "no",
  confirmed: "other",
  verdict: "other",
  reach: "authorization",
  ended: 0,
  minutes: 0,
  rows: 0,
  key: "…",
  left: 0,
  name: "…",
  offer: "…",
  taken: "…",
  scopes: "…",
  values: 0,
};

/**
 * What an event says, in one sentence, wherever it is shown. A kind's sentence stands at `connection.event.<kind>` where it is part of a
 * connection's story, and else at `audit.event.<kind>`.
 */
export function eventSentence(translator: Translator, kind: string, facts: Facts): string {
  const t = translator as unknown as Any;
  const path = [`connection.event.${kind}`, `audit.event.${kind}`].find((one) => t.has(one));
  if (!path) return kind;
  const said = Object.entries(facts).flatMap(([name, value]) =>
    value === null ? [] : [[name, typeof value === "number" ? value : String(value)]],
  );
  const what = typeof facts.operation === "string" && t.has(`operation.${facts.operation}`) ? t(`operation.${facts.operation}`) : "";
  return t(path, { ...unsaid, ...Object.fromEntries(said), what });
}
