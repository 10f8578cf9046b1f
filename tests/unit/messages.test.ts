import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { stateLook } from "@/components/connections/state-words";
import { intlTag, locales } from "@/lib/locale";
import { messagesFor } from "@/lib/messages/messages-for";
import { icuArguments } from "@/tests/support/icu-arguments";

type Values = Record<string, string | number | ((chunks: string) => string)>;
type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`),
  );
}

const en = flatten(messagesFor("en"));
const ar = flatten(messagesFor("ar"));
const arabic = new Map(ar);

// The six categories that Arabic has; an exact case such as =0 may stand beside them.
const sixForms = ["few", "many", "one", "other", "two", "zero"];
const isPlural = (type: string) => type === "plural" || type === "selectordinal";

describe("catalogues", () => {
  it("hold the same keys in both languages", () => {
    expect(ar.map(([key]) => key).sort()).toEqual(en.map(([key]) => key).sort());
  });

  it("hold the platforms' texts", () => {
    const platforms = (tree: [string, string][]) => tree.filter(([key]) => key.startsWith("platforms."));
    expect(platforms(ar).length).toBe(platforms(en).length);
    expect(platforms(en).length).toBe(flatten(messagesFor("en").platforms).length);
  });

  it("leave nothing blank, and Arabic in Arabic", () => {
    for (const [key, text] of [...en, ...ar]) expect(text.trim(), key).not.toBe("");
    // The product's, a platform's and its choices' names and the other language's own name stay as they are.
    const name = /^shell\.(product|otherLanguage)$|^platforms\.\w+\.(name|(fields\.\w+\.)?(placeholder|options\.\w+))$/;
    expect(ar.filter(([key, text]) => !/\p{Script=Arabic}/u.test(text) && !name.test(key))).toEqual([]);
  });

  it.each(en)("%s takes the same arguments in Arabic", (key, text) => {
    const shape = (message: string) =>
      [
        ...new Set(icuArguments(message).map(({ name, type }) => `${name}: ${isPlural(type) ? type : type === "tag" ? "tag" : "value"}`)),
      ].sort();
    const names = (message: string) => [...new Set(icuArguments(message).map(({ name }) => name))].sort();
    const other = arabic.get(key) ?? "";
    expect(names(other)).toEqual(names(text));
    const tags = (message: string) => shape(message).filter((entry) => entry.endsWith(": tag"));
    expect(tags(other)).toEqual(tags(text));
  });

  it.each(ar)("%s has all six Arabic plural forms where it has any", (_key, text) => {
    for (const { type, options } of icuArguments(text).filter((argument) => isPlural(argument.type)))
      expect(options.filter((option) => !option.startsWith("=")).sort(), type).toEqual(sixForms);
  });

  it.each(locales)("are ICU that the %s formatter accepts, whatever the number", (locale) => {
    const failures: string[] = [];
    // Keys are data here, so the translator's own key types have nothing to hold on to.
    const t = createTranslator({
      locale: intlTag(locale),
      messages: messagesFor(locale) as Tree,
      onError: (error) => failures.push(error.message),
    }).markup as (key: string, values: Values) => string;
    for (const [key, text] of locale === "en" ? en : ar) for (const count of [0, 1, 2, 3, 11, 100]) t(key, valuesFor(text, count));
    expect(failures).toEqual([]);
  });

  it("show Latin digits in Arabic plurals", () => {
    const t = createTranslator({ locale: intlTag("ar"), messages: { n: "{count, plural, other {# متجر}}" } });
    expect(t("n", { count: 1243 })).toBe("1,243 متجر");
  });

  it("have a word and a sentence for each of the ten states, for both audiences", () => {
    const states = Object.keys(stateLook).sort();
    expect(states).toHaveLength(10);
    for (const locale of locales) {
      const { state, nextAction } = messagesFor(locale);
      expect(Object.keys(state).sort()).toEqual(states);
      expect(Object.keys(nextAction.merchant).sort()).toEqual(states);
      expect(Object.keys(nextAction.staff).sort()).toEqual(states);
    }
  });

  it("use none of the words that help nobody", () => {
    const banned = /\b(please|sorry|oops|invalid|forbidden|illegal|an error occurred|this field is required)\b|!/i;
    expect(en.filter(([, text]) => banned.test(text))).toEqual([]);
    expect(ar.filter(([, text]) => /قم ب|!|؟!|عذرًا|عذرا/.test(text))).toEqual([]);
  });
});

describe("icuArguments", () => {
  it("finds nested arguments, plural options and tags", () => {
    expect(icuArguments("{n, plural, one {# of {total}} other {#}} <b>{who}</b> '{no}'")).toEqual([
      { name: "n", type: "plural", options: ["one", "other"] },
      { name: "total", type: "plain", options: [] },
      { name: "b", type: "tag", options: [] },
      { name: "who", type: "plain", options: [] },
    ]);
  });
});

function valuesFor(message: string, count: number): Values {
  return Object.fromEntries(
    icuArguments(message).map(({ name, type }) => [
      name,
      type === "tag" ? (chunks: string) => chunks : isPlural(type) || type === "number" ? count : "x",
    ]),
  );
}
