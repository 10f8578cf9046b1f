import type { Connector, KeyActor } from "@/lib/auth/actor";
import type { Grant } from "@/lib/providers/contract";

/**
 * What a platform's answer belongs to, and all that its provider needs to read it again. The rows that the call was made for may have
 * moved on by then, and a code that was sent is erased, so nothing of it is looked up.
 */
export type Work =
  | {
      kind: "exchange";
      offer: string;
      merchantId: string;
      attemptId: string;
      consent: { query: string; redirectUri: string; verifier: string | null };
    }
  | {
      kind: "values";
      offer: string;
      merchantId: string;
      attemptId: string;
      actor: Connector | KeyActor;
      connectionId: string | null;
      label: string | null;
      way: "exchange" | "adopt";
      values: Record<string, string>;
    }
  | { kind: "renewal"; offer: string; merchantId: string; connectionId: string; leaseId: string; epoch: number; grant: Grant };

export type Answer = { path: string; status: number; headers: [string, string][]; body: string };

/** One answer of a piece of work; `kept` is the same for all of it. `atMs`: when it was heard, by the database's clock. */
export type Entry = { v: 1; kept: string; step: number; atMs: number; work: Work; answer: Answer };
