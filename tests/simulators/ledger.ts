import { randomBytes } from "node:crypto";
import { keepSecret } from "@/tests/leaks/run-folder";

export type Call = { at: string; method: string; path: string; name: string; status: number; note?: string };

/** Everything that a simulator was asked and everything secret that it handed out: the truth which tests judge by. */
export class Ledger {
  readonly calls: Call[] = [];
  /** Every secret value ever issued, for leak searches. */
  readonly secrets = new Set<string>();
  readonly kinds = new Map<string, string>();

  /** A secret that a leak search can find: `CNRY-` and at least 128 random bits. */
  canary(kind: string, bytes = 24): string {
    return this.keep(`CNRY-${kind}-${randomBytes(bytes).toString("base64url")}`, kind);
  }

  /** Registers a secret whose form the platform fixes (a PEM, a JWT). */
  keep(secret: string, kind = "of a platform's form"): string {
    if (this.secrets.has(secret)) return secret;
    this.secrets.add(secret);
    this.kinds.set(secret, kind);
    return keepSecret(kind, secret);
  }

  record(call: Call): void {
    this.calls.push(call);
  }

  /** How often an endpoint was called, by its name; `status` narrows it to one outcome. */
  count(name: string, status?: number): number {
    return this.calls.filter((call) => call.name === name && (status === undefined || call.status === status)).length;
  }

  clear(): void {
    this.calls.length = 0;
  }
}
