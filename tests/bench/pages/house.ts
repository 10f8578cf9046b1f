import { cpus } from "node:os";
import { makeMerchant, makePerson } from "@/tests/auth/people";
import { fill } from "@/tests/bench/million";
import setUpServer from "@/tests/e2e/support/global-setup";
import { type Installation, install } from "@/tests/e2e/support/installation";
import { type Scene, setScene } from "@/tests/e2e/support/scene";
import { plainClient } from "@/tests/support/administer";
import { build, isBuilt } from "@/tests/support/production-build";
import type { Reader } from "./routes";

export type House = { installation: Installation; scene: Scene; tokens: Record<Reader, string | null>; close: () => Promise<void> };

const ROWS = 100_000;
const MERCHANTS = 10_000;

/** The production build with 100,000 connections, a merchant who has a store in every state, and somebody of each role. */
export async function openHouse(say: (line: string) => void): Promise<House> {
  if (!isBuilt()) await build({ onLine: say });
  const leaveServer = await setUpServer();
  const installation = await install();
  await installation.renew();
  await fillUp();
  await installation.start();
  await settled();
  return { installation, ...(await furnish()), close: () => installation.close().then(leaveServer) };
}

/** Resolves when what filling leaves to do, for the database and the product, is done: three seconds in a row were idle, or three minutes are over. */
async function settled(): Promise<void> {
  const spent = () =>
    cpus().reduce((sum, { times }) => ({ idle: sum.idle + times.idle, all: sum.all + Object.values(times).reduce((a, b) => a + b, 0) }), {
      idle: 0,
      all: 0,
    });
  let still = 0;
  for (let second = 0; still < 3 && second < 180; second += 1) {
    const before = spent();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const after = spent();
    still = (after.idle - before.idle) / (after.all - before.all) > 0.85 ? still + 1 : 0;
  }
}

async function furnish(): Promise<Pick<House, "scene" | "tokens">> {
  const merchantId = await makeMerchant("Riyadh Trading");
  const merchant = await makePerson("mona.bench@riyadh.example", "member", merchantId);
  const newcomer = await makePerson("new.bench@jeddah.example", "member", await makeMerchant("Jeddah Books"));
  const [support, admin] = [await makePerson("sara.bench@latchkey.example", "support"), await makePerson("omar.bench@latchkey.example")];
  const scene = await setScene({ userId: merchant.id, email: "mona.bench@riyadh.example", merchantId });
  return {
    scene,
    tokens: { nobody: null, guest: null, newcomer: newcomer.token, merchant: merchant.token, support: support.token, admin: admin.token },
  };
}

async function fillUp(): Promise<void> {
  const client = await plainClient(process.env.DATABASE_URL ?? "");
  await fill(client, ROWS, MERCHANTS);
  await client.end();
}
