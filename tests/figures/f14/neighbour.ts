import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { connect } from "@/tests/figures/f3/connect";
import type { RotatingPlatform } from "@/tests/figures/f3/platform";
import { type Answer, type Asked, load } from "@/tests/figures/f9/load";
import type { Second } from "./slower";

/** Calls a second, and of them those whose access must be renewed first, at a platform that takes 200 ms. */
const PER_SECOND = 300;
const RENEWED = 10;
const PLATFORM_MS = 200;
const RENEWING = 100;
const LASTING = 200;
const KEPT = 60;

export type Window = {
  handed: Second[];
  renewed: Second[];
  errors: number;
  /** From when the background should have renewed one until its platform was asked. */
  lateMs: number[];
};

async function run(statement: ReturnType<typeof sql>): Promise<void> {
  await database().execute(statement);
}

type How = { each?: (second: number) => void; perSecond?: number };

const bySecond = (answers: readonly Answer[], seconds: number): Second[] =>
  Array.from({ length: seconds }, (_, second) => answers.filter((one) => one.second === second).map(({ ms }) => ms));

/** Another merchant, at a platform that does what it should: what is asked for him, and what the background does for him. */
export async function neighbour(platform: RotatingPlatform, merchantId: string, token: string) {
  const some = async (many: number, name: string) => {
    const ids: string[] = [];
    for (let index = 0; index < many; index += 1) {
      platform.latencyMs.set(`${name}-${index}`, PLATFORM_MS);
      ids.push(await connect(platform, merchantId, `${name}-${index}`));
    }
    return ids;
  };
  const [renewing, lasting, kept] = [await some(RENEWING, "renewing"), await some(LASTING, "lasting"), await some(KEPT, "kept")];
  let [number, place, turn] = [0, 0, 0];

  /** So many seconds of it; `each` is told of every second that begins. */
  return async (port: number, seconds: number, { each = () => {}, perSecond = PER_SECOND }: How = {}): Promise<Window> => {
    const due: string[] = [];
    const lateMs: number[] = [];
    const begin = (second: number) => {
      const few = Array.from({ length: RENEWED }, () => renewing[place++ % RENEWING] as string);
      void run(sql`update connections set expires_at = app_now() where id = any(${sql.param(few)}::text[])`).then(() => due.push(...few));
      const index = turn++ % KEPT;
      const began = performance.now();
      void platform.taken(`kept-${index}`).then(() => lateMs.push(performance.now() - began));
      void run(sql`update connections set next_refresh_at = app_now() where id = ${kept[index]}`);
      each(second);
    };
    const next = (): Asked => {
      number += 1;
      const late = number % (PER_SECOND / RENEWED) === 0 ? due.shift() : undefined;
      const id = late ?? lasting[number % LASTING];
      return { path: `/api/v1/connections/${id}/access`, token, renewed: late !== undefined };
    };
    const answers = await load(port, perSecond, seconds, next, begin);
    const [renewed, handed] = [answers.filter((one) => one.renewed), answers.filter((one) => !one.renewed)];
    const errors = answers.filter(({ status }) => status !== 200).length;
    return { handed: bySecond(handed, seconds), renewed: bySecond(renewed, seconds), errors, lateMs };
  };
}
