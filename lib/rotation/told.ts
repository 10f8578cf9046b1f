/** What a command says; `line` is all of it that is to be taken over as it stands, and holds keys. */
export type Told = { ok: boolean; says: string; line?: string };

export const refused = (says: string): Told => ({ ok: false, says });

export const number = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
