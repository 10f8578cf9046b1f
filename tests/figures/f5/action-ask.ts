import { readFileSync } from "node:fs";
import fc from "fast-check";
import { fieldId } from "@/components/connect/field-id";
import { offerFields } from "@/lib/offers/offer-input";
import type { Action } from "@/tests/support/action-manifest";
import { type Ask, asker, type Field, fieldsOf } from "./ask";
import { inHeader, json, text } from "./texts";

/** A form, with and without what was answered last. */
const GOOD = ['["$K1"]', '[null,"$K1"]', '[{"answer":0,"errors":[],"values":null},"$K1"]', '["con_00000000000000000000"]'];
/** What an action may be told in place of that: React's own signs, and those that broke others. */
const BAD = [
  ...['[{"answer":7},"$K1","$K1"]', '["con_x"]'],
  ...["[]", "{}", "x", "", "null", '["$undefined"]', '[null,"$undefined"]', '["$undefined","$K1"]', '[[],"$K1"]', '[{"answer":"1"},"$K1"]'],
  ...['["$F1"]', '["$@1"]', '["$Q1"]', '["$W1"]', '["$n1e9"]', '["$D"]', '["$R1"]', '["$1"]', '["$B1"]', '["$1:__proto__:constructor"]'],
  ...['[{"get":"$F1"}]', '{"then":"$1:__proto__:then","status":"resolved_model","value":"{}","_response":{}}', '[{"then":"$1"},"$K1"]'],
  `${"[".repeat(2_000)}${"]".repeat(2_000)}`,
  `[${'"$K1",'.repeat(2_000)}null]`,
];
const ARGUMENTS = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...GOOD) },
  { weight: 2, arbitrary: fc.constantFrom(...BAD) },
  { weight: 1, arbitrary: text.map((value) => JSON.stringify([value])) },
);
const TYPES = ["text/plain;charset=UTF-8", "application/json", "multipart/form-data", "multipart/form-data; boundary=x", ""];

/** The names that a file of actions reads from its forms, and those that platforms have. */
function namesIn(file: string): string[] {
  const source = readFileSync(file, "utf8");
  const read = [...source.matchAll(/(?:text|texts|field|get|getAll|has)\((?:form, )?"(\w+)"/g)].map(([, name = ""]) => name);
  const helpers = ["id", "userId", "role", "merchantId", "intent", "version"];
  const platforms = ["slug", "environment", "region", "client_id", "client_secret", "application_id", "key_file"].map(fieldId);
  return [
    ...new Set([...read, ...helpers, ...(/offerFields/.test(source) ? offerFields : []), ...(/fieldId/.test(source) ? platforms : [])]),
  ];
}

/** An action as the framework's own script calls it, as a form without a script does, and as neither would. */
export function actionAsk(url: string, action: Action, known: readonly string[], surface: string): fc.Arbitrary<Ask> {
  const base = { surface, name: `${action.file} ${action.name}`, method: "POST", path: action.page };
  const value = fc.oneof({ weight: 5, arbitrary: text }, { weight: 2, arbitrary: fc.constantFrom(...known) });
  const fields = fieldsOf(namesIn(action.file), value);
  const scripted = { origin: url, "next-action": action.id };
  const kinds: [weight: number, arbitrary: fc.Arbitrary<Partial<Ask>>][] = [
    [
      6,
      fc.tuple(ARGUMENTS, fields).map(([args, sent]) => ({
        headers: scripted,
        body: [...sent.map(([name, ...rest]): Field => [`_1_${name}`, ...rest]), ["0", args] as const],
      })),
    ],
    [3, fields.map((sent) => ({ headers: { origin: url }, body: [[`$ACTION_ID_${action.id}`, ""] as const, ...sent] }))],
    [
      2,
      fc.tuple(ARGUMENTS, fields).map(([args, sent]) => ({
        headers: { origin: url },
        body: [
          ["$ACTION_REF_1", ""] as const,
          ["$ACTION_1:0", JSON.stringify({ id: action.id, bound: "$@1" })] as const,
          ["$ACTION_1:1", args.replaceAll("$K1", "x")] as const,
          ...sent,
        ],
      })),
    ],
    [1, fc.tuple(json, fc.constantFrom(...TYPES)).map(([body, type]) => ({ headers: { ...scripted, "content-type": type }, body }))],
    [
      1,
      fc.tuple(inHeader, fields).map(([said, sent]) => ({
        headers: { origin: said || "null", "x-forwarded-host": said, "next-action": action.id },
        body: sent,
      })),
    ],
    [
      1,
      fc.tuple(fc.boolean(), fields).map(([byScript, sent]) => ({ headers: byScript ? scripted : { origin: url }, body: sent, cut: true })),
    ],
  ];
  const ask = fc.oneof(...kinds.map(([weight, arbitrary]) => ({ weight, arbitrary })));
  return fc.tuple(asker, ask).map(([who, rest]): Ask => ({ ...base, action: true, who, headers: {}, body: null, ...rest }));
}
