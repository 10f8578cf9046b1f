import type { OtherProcess } from "./other-process";

type What =
  | { what: "renew"; id: string }
  | { what: "round" }
  | { what: "block"; ms: number }
  | { what: "spend"; keyId: string; perSecond: number; ms: number }
  | { what: "callers"; path: string; token: string; many: number }
  | { what: "poll"; path: string; token: string; refusals: number }
  | { what: "end" };
export type Asked = What & { of: number };
export type Told = { of: number; end: string } | { of: number; error: string };

export type Holder = OtherProcess & {
  /** Resolves to what came of it; rejects where it failed or the process died of it. */
  ask: (what: What) => Promise<string>;
};

/** Makes a holder process answer; resolves once it is ready. */
export async function holderOf(other: OtherProcess): Promise<Holder> {
  const waiting = new Map<number, { resolve: (end: string) => void; reject: (error: Error) => void }>();
  let serial = 0;
  const told = (of: number) =>
    new Promise<string>((resolve, reject) => {
      waiting.set(of, { resolve, reject });
    });
  other.child.on("message", (message: Told) => {
    const asker = waiting.get(message.of);
    waiting.delete(message.of);
    if ("error" in message) asker?.reject(new Error(message.error));
    else asker?.resolve(message.end);
  });
  void other.ended.then((end) => {
    for (const { reject } of waiting.values()) reject(new Error(`It ended: ${end}\n${other.output()}`));
  });
  const ready = told(0);
  await ready;
  return {
    ...other,
    ask: (what) => {
      const of = ++serial;
      const answer = told(of);
      other.child.send({ ...what, of } satisfies Asked);
      return answer;
    },
  };
}
