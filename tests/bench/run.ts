import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import type { SetUp } from "@/tests/figures/figure";
import { withDatabase } from "@/tests/figures/set-up";
import { access } from "./access";
import { bulk } from "./bulk";
import { benchHealth } from "./health";
import { benchLists } from "./lists";
import { pages } from "./pages";
import { renewals } from "./renewals";

const USAGE = `npm run bench -- renewals                        on both set-ups of the database
npm run bench -- renewals --database embedded    on one of them
npm run bench -- renewals --profile              with what the statements cost
npm run bench -- bulk --database external        10,000 revocations through two kill -9
npm run bench -- lists --database embedded       every list and search at a million connections
npm run bench -- health --database embedded      the health page's data at a million connections
npm run bench -- pages                           what pages weigh and how fast they come: the median of five visits
npm run bench -- pages --only support,health     of some routes
npm run bench -- pages --quick                   one visit of each
npm run bench -- access                          how fast access is handed out, beside a floor and a peer
npm run bench -- access --runs 1 --seconds 1     a first look: nothing of it is kept`;

type Benchmark = (setUp: SetUp, address: string, say: (line: string) => void, profile: boolean) => Promise<boolean>;

/** Each prints a ratio to something that was measured beside it, so that it says the same on any machine. */
const benchmarks: Record<string, Benchmark> = { renewals, bulk, lists: benchLists, health: benchHealth };
/** What sets up its database by itself. */
const alone: Record<string, () => Promise<boolean>> = {
  pages: () => pages(say, { quick: values.quick === true, only: values.only }),
  access: () =>
    access(say, {
      database: values.database === "embedded" ? "embedded" : "external",
      seconds: Number(values.seconds ?? 2),
      runs: Number(values.runs ?? 5),
      profile: values.profile === true,
    }),
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const setUps = ["external", "embedded"] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    database: { type: "string" },
    profile: { type: "boolean" },
    quick: { type: "boolean" },
    only: { type: "string" },
    runs: { type: "string" },
    seconds: { type: "string" },
  },
});
const chosen = setUps.filter((one) => values.database === undefined || values.database === one);
if (positionals.length === 0 || chosen.length === 0 || !positionals.every((name) => name in benchmarks || name in alone)) {
  say(USAGE);
  process.exit(1);
}
process.env.LATCHKEY_KEYS ??= `b1:${randomBytes(32).toString("base64")}`;
process.env.AUTH_SECRET ??= randomBytes(33).toString("base64url");
let met = true;
for (const name of positionals)
  if (alone[name]) met = (await alone[name]()) && met;
  else
    for (const setUp of chosen)
      met =
        (await withDatabase(setUp, async (address) => benchmarks[name]?.(setUp, address, say, values.profile === true))) === true && met;
process.exit(met ? 0 : 1);
