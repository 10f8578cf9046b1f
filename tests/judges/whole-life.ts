import { expect } from "vitest";
import { connect, grantOf, type Subject } from "./subject";

/** Consent, exchange, proof, rotation, revocation: what a judge must take from a client without a word. */
export async function wholeLife(judged: Subject, choose: (url: string) => Promise<Response>): Promise<void> {
  const { provider, io } = judged;
  const { grant } = await connect(judged, choose);
  const account = await provider.inspect(grant, io);
  expect(account.unproved).toBeUndefined();
  expect(account.id).toBeTruthy();
  const next = grantOf(await provider.refresh(grant, io), grant);
  expect([next.access === grant.access, next.renewal === grant.renewal]).toEqual([false, false]);
  expect(await provider.inspect(next, io)).toMatchObject({ id: account.id });
  expect(await provider.revoke(next, io, "authorization")).toBe("remote");
  await expect(provider.refresh(next, io)).rejects.toMatchObject({ trouble: "reconnect", code: "refresh_refused" });
  await expect(provider.inspect({ ...next, renewal: null }, io)).rejects.toMatchObject({ trouble: "reconnect", code: "access_refused" });
}
