import { activatePending } from "@/db/activate";
import { transaction } from "@/db/client";
import { insertPending } from "@/db/connections";
import { newId } from "@/db/new-id";
import { sealIssued } from "@/lib/connections/sealed-grant";
import type { RotatingPlatform } from "./platform";

/** A connection as if its owner had just consented; its access has no end. */
export async function connect(platform: RotatingPlatform, merchantId: string, account: string): Promise<string> {
  const { state, ledger } = platform.simulator;
  const scopes = ["orders.read"];
  const refreshToken = ledger.canary("refresh");
  state.families[account] = { id: account, sub: account, scopes, ended: false };
  state.refresh[refreshToken] = { family: account, used: false };
  const at = { id: newId("con"), merchantId };
  const issued = { access: ledger.canary("access"), renewal: JSON.stringify({ v: 1, refreshToken }), expiresAt: null, scopes };
  const about = { offer: "oauth2", provider: "oauth2", environment: "production", label: null, attemptId: null };
  const proven = { accountId: account, accountLabel: null, environment: "production", scopes, connectedBy: "usr_owner" };
  await transaction(async (tx) => {
    await insertPending(tx, { ...at, ...about }, sealIssued(issued, at, []));
    await activatePending(tx, at.id, { ...proven, nextRefreshAt: null, expiresAt: null, proved: true, nextProofS: 360_000 });
  });
  return at.id;
}
