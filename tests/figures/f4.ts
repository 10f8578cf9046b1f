import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { asActor, makeMerchant, makePerson, moveClock } from "@/tests/auth/people";
import { approveAt } from "@/tests/providers/worlds/approve-at";
import { rotatingPlatform } from "./f3/platform";
import { drawn, type Figure } from "./figure";
import { type Instance, startInstance } from "./instances/start";

const INSTANCES = 2;
const COPIES = 50;
const GATE = 20;
const NIGHT = 200;
/** How long after the flow a copy of its callback comes once more; the last when its ten minutes are over. */
const REPLAYS = ["1 second", "1 minute", "10 minutes"];

type Flow = { attempt: string; path: string; secret: string };

async function begin(instance: Instance, platform: Awaited<ReturnType<typeof rotatingPlatform>>): Promise<Flow> {
  const { body } = await instance.ask("/act/start", { method: "POST" });
  const query = await approveAt(platform.simulator, String(body.url));
  return { attempt: String(body.attemptId), path: `/act/callback?${query}`, secret: String(body.browserSecret) };
}

/** One browser's copy: the callback, then the page that finishes. Resolves to whether both were answered in order. */
async function copy(instance: Instance, { attempt, path, secret }: Flow, fresh: boolean): Promise<boolean> {
  const received = await instance.ask(path, { headers: { "x-flow-cookie": secret }, fresh });
  const finished = await instance.ask(`/act/finish/${attempt}`, { method: "POST", fresh });
  return received.status === 200 && received.body.kind === "result" && finished.status === 200;
}

export const figure: Figure = {
  title: "Copies of one callback at once over two instances, on kept and on fresh connections, then replayed: redemptions per code",
  mutants: { "code-sent-twice": "a claim does not ask whether the code was sent" },
  night: ["external", "embedded"],
  measure: async ({ seed, long, many, mutant, address, say }) => {
    const platform = await rotatingPlatform(seed, ["http://localhost:3000/api/oauth/oauth2/callback"]);
    const merchantId = await makeMerchant("Nile Books");
    const { id } = await makePerson("mona@merchant.example", "member", merchantId);
    const member = { ...asActor(id, "merchant"), merchants: [{ id: merchantId, name: "Nile Books" }] };
    const { id: adminId } = await makePerson("omar@latchkey.example", "admin");
    const environment = { ...platform.environment, DATABASE_URL: address };
    const starting = Array.from({ length: INSTANCES }, () => startInstance({ member, admin: asActor(adminId), environment, mutant }));
    const instances = await Promise.all(starting);
    const redemptions = () => platform.simulator.ledger.calls.filter(({ path }) => path.endsWith("/token")).map(({ status }) => status);
    try {
      const total = many ?? (long ? NIGHT : GATE);
      const flows: Flow[] = [];
      const perFlow: number[] = [];
      let [copies, unanswered] = [0, 0];
      const send = async (flow: Flow, number: number) => {
        const instance = instances[Math.floor(drawn(seed, flows.length, number, "instance") * INSTANCES)] as Instance;
        copies += 1;
        if (!(await copy(instance, flow, drawn(seed, flows.length, number, "fresh") < 0.5))) unanswered += 1;
      };
      for (let round = 0; round < total; round += 1) {
        const flow = await begin(instances[round % INSTANCES] as Instance, platform);
        flows.push(flow);
        const before = redemptions().length;
        await Promise.all(Array.from({ length: COPIES }, (_, number) => send(flow, number)));
        perFlow.push(redemptions().length - before);
      }
      const atOnce = redemptions().length;
      for (const [number, later] of REPLAYS.entries()) {
        await moveClock(later);
        for (const flow of flows) await send(flow, COPIES + number);
        say(`  replayed ${later} later`);
      }
      const replayed = redemptions().length - atOnce;
      const refused = redemptions().filter((status) => status !== 200).length;
      const ended = await database().execute<{ many: number }>(
        sql`select count(*)::int as many from attempts where outcome in ('connected', 'renewed')`,
      );
      const connected = ended.rows[0]?.many ?? 0;
      const wrong = perFlow.filter((times) => times !== 1).length;
      return {
        n: total,
        of: "flows",
        failures: wrong + replayed + refused + unanswered + (total - connected),
        line:
          `${total} flows, ${copies} callbacks over ${INSTANCES} instances: ${atOnce} redemptions, ${replayed} by ${flows.length * REPLAYS.length} replays, ` +
          `${refused} second uses at the platform, ${connected} connected`,
        result: {
          flows: total,
          copies,
          redemptions: atOnce,
          mostPerFlow: Math.max(0, ...perFlow),
          otherThanOne: wrong,
          byReplays: replayed,
          refusedAtThePlatform: refused,
          unanswered,
          connected,
        },
      };
    } finally {
      await Promise.all(instances.map((instance) => instance.kill()));
      await platform.close();
    }
  },
  notTested: ["real platforms", "Next's own routing: the instances call the callback's verb as its route does", "Neon's driver"],
};
