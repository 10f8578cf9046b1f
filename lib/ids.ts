/** What an id of ours may look like. Anything else is not there, and need not be asked for. */
export const isId = (text: string): boolean => /^\w{1,64}$/.test(text);

/** What a person typed, fit for a text column and a page: control characters become spaces. */
export const typedText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, " ")
    .trim();
