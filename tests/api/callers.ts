import { api } from "@/lib/api/app";
import { createKey } from "@/lib/keys/create-key";
import { keepSecret } from "@/tests/leaks/run-folder";
import { staff } from "@/tests/support/journey";

export type Caller = {
  id: string;
  token: string;
  /** Asks the API as that key; a path begins behind `/api/v1`. */
  ask: (path: string, init?: RequestInit) => Promise<Response>;
};

/** A backend with a key of its own: with every scope, where none is named. */
export async function aCaller(asked: Record<string, unknown> = {}): Promise<Caller> {
  const scopes = ["access:read", "connections:read", "connections:write", "links:create", "proxy"];
  const { id, token } = await createKey(await staff("admin"), { name: "orders-sync", scopes, ...asked });
  keepSecret("key", token);
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has("authorization")) headers.set("authorization", `Bearer ${token}`);
    return api.fetch(new Request(`https://latchkey.test/api/v1${path}`, { ...init, headers }));
  };
  return { id, token, ask };
}
