import type { Grant } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { cleanText } from "./clean-text";
import { word } from "./word";

/** `projectCode` is the seller's; the key's own project may be the integrator's. */
export type Intermediate = { v: 1; step: "created"; accessToken: string; projectCode: string | null };
type Credential = { keyId: string; privateKey: string; channelIdentifier: string | null; keyProjectCode: string | null };
export type MerchantKey = Credential & { v: 1; step: "key"; projectCode: string | null; mixed: boolean };

export function readRenewal(grant: Grant): Intermediate | MerchantKey {
  if (grant.renewal === null) throw new ProviderError("reconnect", "nothing_to_renew");
  return JSON.parse(grant.renewal) as Intermediate | MerchantKey;
}

export function writeRenewal(renewal: Intermediate | MerchantKey): string {
  return JSON.stringify(renewal);
}

/** Whether an answer with status 200 is a success: the gateway puts failures of a workflow into a `status` member. */
export function succeeded(body: Record<string, unknown>): boolean {
  const inner = typeof body.status === "object" && body.status !== null ? (body.status as Record<string, unknown>) : body;
  const code = inner.status_code;
  const id = inner.status_id;
  if (body.error || (code !== undefined && code !== null && word(code).toUpperCase() !== "OK")) return false;
  return id === undefined || id === null || (word(id) !== "" && Number(word(id)) === 0);
}

/** The first object, however deeply nested, that holds a whole key; breadth first, because workflows nest it differently. */
export function findCredential(result: unknown): Credential | null {
  const queue: unknown[] = [result];
  for (let index = 0; index < queue.length; index += 1) {
    const value = queue[index];
    if (typeof value !== "object" || value === null) continue;
    const one = value as Record<string, unknown>;
    if (typeof one.private_key === "string" && one.private_key !== "" && typeof one.key_id === "string" && one.key_id !== "") {
      return {
        keyId: one.key_id,
        privateKey: one.private_key,
        channelIdentifier: cleanText(one.channel_identifier),
        keyProjectCode: cleanText(one.project_code),
      };
    }
    queue.push(...Object.values(one));
  }
  return null;
}

/** The key as the platform handed it out: what `parseKeyFile` takes. Its project may be the integrator's. */
export function keyFile(key: MerchantKey): Record<string, unknown> {
  const file = { key_id: key.keyId, private_key: key.privateKey, channel_identifier: key.channelIdentifier };
  return { ...file, project_code: key.keyProjectCode ?? key.projectCode };
}

/** A key file as the partner portal hands it out, pasted by an admin; `ownKeyId` is ours and must not become a merchant's. */
export function parseKeyFile(text: string, projectCode: string | null, ownKeyId: string): MerchantKey {
  let credential: Credential | null = null;
  try {
    credential = findCredential(JSON.parse(text));
  } catch {
    // Not JSON is told in the same words as JSON without a key.
  }
  if (!credential) throw new ProviderError("declined", "form_refused", { fields: { key_file: "not_a_key_file" } });
  if (credential.keyId === ownKeyId) throw new ProviderError("declined", "form_refused", { fields: { key_file: "own_key" } });
  const seller = projectCode ?? credential.keyProjectCode;
  if (!seller) throw new ProviderError("declined", "form_refused", { fields: { project_code: "project_missing" } });
  return { v: 1, step: "key", ...credential, projectCode: seller, mixed: false };
}
