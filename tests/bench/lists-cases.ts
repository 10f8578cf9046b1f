/** A query of the language of lists, and the same once more with other words: nothing is measured twice from one cache alone. */
export type Case = { name: string; query: (round: number) => Record<string, string> };

const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 13);
const hours = (from: number, to: number) => `${day(from / 24)}:00Z..${day(to / 24)}:00Z`;

/** Lists without a text: every filter by itself, every order, and the usual pairs. */
export const lists: Case[] = [
  { name: "what needs attention first", query: () => ({}) },
  { name: "what changed last", query: () => ({ sort: "updated" }) },
  { name: "the point of no return", query: () => ({ sort: "no_return" }) },
  { name: "what runs out first", query: () => ({ sort: "runs_out" }) },
  { name: "state: healthy", query: () => ({ state: "healthy" }) },
  { name: "state: needs_reconnect", query: () => ({ state: "needs_reconnect" }) },
  { name: "states: three", query: () => ({ state: "needs_reconnect,revoked,healthy" }) },
  { name: "platform", query: (round) => ({ offer: ["square", "noon", "norce"][round % 3] ?? "" }) },
  { name: "environment", query: () => ({ env: "stage" }) },
  { name: "cause, of many", query: () => ({ cause: "http_503" }) },
  { name: "cause, of few", query: () => ({ cause: "invalid_grant" }) },
  { name: "nobody renews it", query: () => ({ renews: "no" }) },
  { name: "it renews by itself", query: () => ({ renews: "yes" }) },
  { name: "runs out within an hour's span", query: (round) => ({ runs_out: hours(2 + (round % 12), 3 + (round % 12)) }) },
  { name: "runs out within a day", query: () => ({ runs_out: "1d" }) },
  { name: "due within an hour's span", query: (round) => ({ due: hours(2 + (round % 12), 3 + (round % 12)) }) },
  { name: "made within two days", query: (round) => ({ created: hours(-24 * (100 + round * 2), -24 * (98 + round * 2)) }) },
  { name: "owner", query: (round) => ({ owner: `mer_${4_000 + round}` }) },
  { name: "platform and state", query: () => ({ offer: "square", state: "refresh_failing" }) },
  { name: "platform and environment", query: () => ({ offer: "ultracart", env: "stage" }) },
  { name: "state and cause", query: () => ({ state: "needs_reconnect", cause: "access_revoked" }) },
  { name: "platform and what runs out first", query: () => ({ offer: "noon", runs_out: "1d" }) },
  { name: "runs out and nobody renews it", query: () => ({ runs_out: "1d", renews: "no" }) },
  { name: "environment and what changed last", query: () => ({ env: "stage", sort: "updated" }) },
];

export const searches: Case[] = [
  { name: "one of a million, by the platform's id", query: (round) => ({ q: `account-${700_001 + round * 37}` }) },
  { name: "a person's e-mail", query: (round) => ({ q: `owner-${4_242 + round}@` }) },
  { name: "a few letters that most have", query: () => ({ q: "shop" }) },
  { name: "a part of a name that every fourth has", query: () => ({ q: "rniche" }) },
  { name: "Arabic, every tenth", query: () => ({ q: "الامل" }) },
  { name: "Arabic and a number", query: (round) => ({ q: `مكتبه ${12_341 + round * 10}` }) },
  { name: "one in a thousand", query: (round) => ({ q: `boutique ${12 + (round % 80) * 10}` }) },
  { name: "two words", query: (round) => ({ q: `jeddah ext-${4_001 + round * 4}` }) },
  { name: "two letters", query: () => ({ q: "me" }) },
  { name: "two letters that few have", query: () => ({ q: "zz" }) },
  { name: "nothing that is there", query: (round) => ({ q: `nowhere ${round}` }) },
  { name: "a word, a platform and a state", query: () => ({ q: "boutique", offer: "square", state: "refresh_failing" }) },
  { name: "a rare word and a state", query: (round) => ({ q: `shop ${77_000 + round}`, state: "healthy" }) },
  { name: "what most have, and what runs out in a day", query: () => ({ q: "shop", runs_out: "1d" }) },
];
