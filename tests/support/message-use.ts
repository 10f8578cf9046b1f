import { globSync, readFileSync } from "node:fs";

type Source = { namespaces: RegExp[]; keys: RegExp[]; borrows: boolean };

const NAMESPACE =
  /(?:useTranslations|getTranslations)(?:<"([\w.]+)">)?(?:\(\s*(?:"([\w.]+)"|`([^`]+)`)?|>)|\bnamespace: (?:"([\w.]+)"|`([^`]+)`)/g;
const LITERALS = [/"([\w.]+)"/g, /`([\w.${}()[\]?:"' ]+)`/g];
/** A translator that is asked for a key which it gets in a variable: one of all that stand beside each other there. */
const variable = (translators: string) =>
  new RegExp(
    `\\b(?:${translators})(?:\\.(?:rich|markup|has))?\\(\\s*(?:[a-z]\\w*(?:\\.\\w+)*|\\w+\\[\\w+\\])(?: as \\w[\\w<>"[\\].]*)?\\s*[,)]`,
  );
const TRANSLATOR = /\bconst (\w+) = (?:await )?(?:use|get|create)Translat(?:ions|or)\b/g;

/** A key or namespace as it is written, with what is put into it standing for one step, or for several where it begins. */
const pattern = (written: string) =>
  written
    .split(/\$\{[^}]*\}/)
    .map((part) => part.replace(/[^\w ]/g, "\\$&"))
    .join("[^.]+")
    .replace(/^\[\^\.\]\+\\\./, ".+\\.");

function read(path: string): Source {
  const text = readFileSync(path, "utf8");
  const written = [...text.matchAll(NAMESPACE)].map((found) => found.slice(1).find(Boolean) ?? "");
  const keys = LITERALS.flatMap((literal) => [...text.matchAll(literal)]).map(([, key = ""]) => new RegExp(`^${pattern(key)}$`));
  const translators = ["t", ...[...text.matchAll(TRANSLATOR)].map(([, name = ""]) => name)];
  if (variable(translators.join("|")).test(text)) keys.push(/^\w+$/);
  return {
    namespaces: written.map((one) => new RegExp(one === "" ? "^(?=\\w)" : `^${pattern(one)}\\.`)),
    keys,
    borrows: written.length === 0,
  };
}

/** Of these keys, those that no source asks for. A source without a namespace of its own may ask with a translator that it was handed. */
export function unusedOf(keys: readonly string[], sources = globSync("{app,components,lib}/**/*.{ts,tsx}").map(read)): string[] {
  const asks = ({ namespaces, keys: asked, borrows }: Source, key: string) =>
    borrows
      ? asked.some((one) => tails(key).some((tail) => /^\^\w/.test(one.source) && one.test(tail)))
      : namespaces.some((space) => space.test(key) && asked.some((one) => one.test(key.replace(space, ""))));
  return keys.filter((key) => !sources.some((source) => asks(source, key)));
}

const tails = (key: string) => key.split(".").map((_, from, all) => all.slice(from).join("."));
