import { createKey } from "@/lib/keys/create-key";
import { keyScopes } from "@/lib/keys/key-scopes";
import { asActor, makeMerchant, makePerson } from "@/tests/auth/people";
import type { Who } from "./ask";

const KEYS = 40;

/** Who asks, and things that may be asked about, of which nobody who asks is one: a fuzz that ends its own session is over. */
export async function stand(): Promise<{ tokens: Record<Who, string | null>; keys: string[]; known: string[] }> {
  const merchant = await makeMerchant("Riyadh Trading");
  const admin = await makePerson("omar@latchkey.example", "admin");
  const support = await makePerson("sara@latchkey.example", "support");
  const member = await makePerson("mona@riyadh-shop.example", "member", merchant);
  const other = await makePerson("nora@riyadh-shop.example", "member", merchant);
  const keys: string[] = [];
  for (let n = 0; n < KEYS; n += 1) {
    const wish = { name: `fuzz ${n}`, scopes: [...keyScopes], merchantIds: null, offers: null, days: 30, requestsPerSecond: 1_000 };
    keys.push((await createKey(asActor(admin.id), wish)).token);
  }
  const known = [merchant, other.id, "square", "norce", "oauth2", "support", "member", "test", "renew", "email", "webhook"];
  return { tokens: { admin: admin.token, support: support.token, member: member.token, nobody: null }, keys, known };
}
