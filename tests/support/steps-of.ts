import { type SQL, sql } from "drizzle-orm";
import { database, type Executor } from "@/db/client";

export type Step = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  Plans?: Step[];
};

/** Every step that the statements of `work` really took. They answer no rows. */
export async function stepsOf(work: (db: Executor) => Promise<unknown>): Promise<Step[]> {
  const steps: Step[] = [];
  const walk = (step: Step): void => {
    steps.push(step);
    step.Plans?.forEach(walk);
  };
  const explain = async (statement: SQL) => {
    const answer = await database().execute<{ "QUERY PLAN": { Plan: Step }[] }>(sql`explain (analyze, format json) ${statement}`);
    for (const { Plan: step } of answer.rows[0]?.["QUERY PLAN"] ?? []) walk(step);
    return { rows: [] };
  };
  await work({ execute: explain } as unknown as Executor);
  return steps;
}
