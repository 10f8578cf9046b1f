export type IcuArgument = { name: string; type: string; options: string[] };

/** Every argument of an ICU message, nested ones and <tags> included, in order of appearance. */
export function icuArguments(message: string): IcuArgument[] {
  const found: IcuArgument[] = [];
  readText(message.replaceAll("''", "").replace(/'[{}<][^']*'/g, ""), 0, found);
  return found;
}

// Reads text up to the brace that closes it (or the end) and answers where it stopped.
function readText(text: string, from: number, found: IcuArgument[]): number {
  let at = from;
  while (at < text.length && text[at] !== "}") {
    const tag = /^<(\w+)\/?>/.exec(text.slice(at));
    if (tag?.[1]) found.push({ name: tag[1], type: "tag", options: [] });
    if (text[at] === "{") at = readArgument(text, at + 1, found);
    else at += 1;
  }
  return at;
}

function readArgument(text: string, from: number, found: IcuArgument[]): number {
  const head = /^\s*(\w+)\s*(?:,\s*(\w+)\s*)?/.exec(text.slice(from));
  if (!head?.[1]) throw new Error(`No argument at ${from} of: ${text}`);
  const argument: IcuArgument = { name: head[1], type: head[2] ?? "plain", options: [] };
  found.push(argument);
  let at = from + head[0].length;
  while (at < text.length && text[at] !== "}") {
    const option = /^[\s,]*([=\w]+)\s*\{/.exec(text.slice(at));
    if (option?.[1]) {
      argument.options.push(option[1]);
      at = readText(text, at + option[0].length, found) + 1;
    } else at += 1;
  }
  return at + 1;
}
