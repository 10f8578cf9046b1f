import type { Adapter } from "oidc-provider";

type Payload = Parameters<Adapter["upsert"]>[1];

/** What oidc-provider remembers, in memory: it ends with the process, as a demo's sign-ins may. */
export function identityStore(): (model: string) => Adapter {
  const held = new Map<string, Payload>();
  const ends = new Map<string, number>();
  const read = (key: string) => ((ends.get(key) ?? Number.POSITIVE_INFINITY) > Date.now() ? held.get(key) : undefined);
  const search = (model: string, fits: (payload: Payload) => boolean) =>
    [...held.keys()].map((key) => (key.startsWith(`${model}:`) ? read(key) : undefined)).find((payload) => payload && fits(payload));

  return (model) => ({
    async upsert(id, payload, expiresInS) {
      held.set(`${model}:${id}`, payload);
      if (expiresInS) ends.set(`${model}:${id}`, Date.now() + expiresInS * 1000);
    },
    find: async (id) => read(`${model}:${id}`),
    findByUid: async (uid) => search(model, (payload) => payload.uid === uid),
    findByUserCode: async (userCode) => search(model, (payload) => payload.userCode === userCode),
    async consume(id) {
      const payload = held.get(`${model}:${id}`);
      if (payload) payload.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      held.delete(`${model}:${id}`);
    },
    async revokeByGrantId(grantId) {
      for (const [key, payload] of held) if (payload.grantId === grantId) held.delete(key);
    },
  });
}
