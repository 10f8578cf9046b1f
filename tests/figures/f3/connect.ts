import { activatePending } from "@/db/activate";
import { transaction } from "@/db/client";
import { insertPending } from "@/db/connections";
import { newId } from "@/db/new-id";
import { sealIssued } from "@/lib/connections/sealed-grant";
import type { RotatingPlatform } from "./platform";

const SCOPES = ["orders.read"];

/** A connection as if its owner had just consented; its access has no end. */
export async function connect(platform: RotatingPlatform, merchantId: string, account: string): Promise<string> {
  const { state, ledger } = platform.simulator;
  const refreshToken = ledger.canary("refresh");
  state.families[account] = { id: account, sub: account, scopes: SCOPES, ended: false };
  state.refresh[refreshToken] = { family: account, used: false };
  return connectedAt("oauth2", merchantId, account, { access: ledger.canary("access"), refreshToken });
}

/** The same at any platform of that kind, with what it has issued. */
export async function connectedAt(
  offer: string,
  merchantId: string,
  account: string,
  { access, refreshToken }: { access: string; refreshToken: string },
): Promise<string> {
  const at = { id: newId("con"), merchantId };
  const issued = { access, renewal: JSON.stringify({ v: 1, refreshToken }), expiresAt: null, scopes: SCOPES };
  const about = { offer, provider: "oauth2", environment: "production", label: null, attemptId: null };
  const proven = { accountId: account, accountLabel: null, environment: "production", scopes: SCOPES, connectedBy: "usr_owner" };
  await transaction(async (tx) => {
    await insertPending(tx, { ...at, ...about }, sealIssued(issued, at, []));
    await activatePending(tx, at.id, { ...proven, nextRefreshAt: null, expiresAt: null, proved: true, nextProofS: 360_000 });
  });
  return at.id;
}
