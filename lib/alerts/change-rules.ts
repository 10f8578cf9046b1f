import { z } from "zod";
import { setRule } from "@/db/alert-rules";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { parseInput } from "@/lib/people/parse-input";
import { type AlertKind, alertKinds, DAY_MINUTES, everyKind, hasWindow, usualThreshold, windows } from "./alert-kinds";
import { destination } from "./destination";

const window = z.enum(windows.map(String)).transform(Number);
const rule = z.strictObject({ enabled: z.boolean(), threshold: z.string().max(10).optional(), windowMinutes: window.optional() });
const schema = z.strictObject({ destinationId: z.string().max(60), rules: z.partialRecord(z.enum(everyKind), rule) });

function number(kind: AlertKind, typed: string | undefined): number {
  const range = alertKinds[kind].threshold;
  if (range === null) return usualThreshold(kind);
  const inRange = z
    .string()
    .trim()
    .regex(/^\d+$/, "threshold")
    .transform(Number)
    .pipe(z.number().min(range.least, "threshold").max(range.most, "threshold"));
  return parseInput(inRange, typed ?? "");
}

/** What one destination is told of, and from which number on. Each rule that changes is told of in an event. */
export async function changeRules(actor: Actor, input: unknown): Promise<void> {
  authorize(actor, "alerts.manage");
  const { destinationId, rules } = parseInput(schema, input);
  const wanted = everyKind.flatMap((kind) => {
    const given = rules[kind];
    const windowMinutes = (hasWindow(kind) && given?.windowMinutes) || DAY_MINUTES;
    return given ? [{ kind, enabled: given.enabled, threshold: number(kind, given.threshold), windowMinutes }] : [];
  });
  await transaction(async (tx) => {
    const { id } = await destination(tx, destinationId);
    for (const { kind, ...changed } of wanted) {
      if (!(await setRule(tx, { kind, destinationId: id, ...changed }))) continue;
      await insertEvent(tx, { kind: "alert.rule_changed", actor, facts: { destination: id, about: kind, ...changed } });
    }
  });
}
